/** One thing that a replay host has looked at. */
export interface SelfCheckResult {
  /** `disk-space`, `disk-write`, `inodes`, `memory`, `nodeos`, `clock`, `storage`; more may come. */
  name: string;
  ok: boolean;
  /** What was found, for people: `212.0 GiB are free`. */
  message: string;
}

/** What a host that is set aside found out about itself: the body of POST /host/selfcheck. */
export interface SelfCheckRecord {
  /** All of the checks are well: the host may be given jobs again. */
  ok: boolean;
  checks: SelfCheckResult[];
}
