/** The term of a lease where the orchestrator does not tell it. */
export const ASSUMED_LEASE_MS = 120_000;

/** How often and how patiently a worker speaks, so that no lease runs out by its own doing. All in milliseconds. */
export interface LeaseTimes {
  /** Between two signs of life. */
  heartbeatMs: number;
  /** For one exchange. */
  timeoutMs: number;
  /** The longest pause before something is sent again. */
  retryMaxMs: number;
}

/**
 * A quarter of the lease for each: a sign of life that was never answered, and the pause after it, still
 * leave half of the term for the next one. So does the first contact after an outage: the orchestrator
 * gives every lease a new term when it starts.
 * @param leaseSeconds `lease_seconds` of the full record; undefined from an orchestrator without it
 * @param progressIntervalMs what the user wants to see: more often is possible, less often is not
 */
export function leaseTimes(leaseSeconds: number | undefined, progressIntervalMs: number): LeaseTimes {
  const known = leaseSeconds !== undefined && Number.isFinite(leaseSeconds) && leaseSeconds > 0;
  const quarter = (known ? leaseSeconds * 1000 : ASSUMED_LEASE_MS) / 4;
  return {
    heartbeatMs: Math.min(progressIntervalMs, quarter),
    timeoutMs: Math.min(10_000, Math.max(quarter, 1000)),
    retryMaxMs: Math.min(30_000, quarter),
  };
}
