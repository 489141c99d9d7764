import { UserError } from '../domain/user-error.ts';
import type { DownResult, ProvidedHost, HostProvider, Shortfall, UpRequest } from './provider.ts';

export interface UpOutcome {
  readonly started: readonly ProvidedHost[];
  readonly shortfalls: readonly Shortfall[];
  /** Hosts that were started and ended again, because they were less than the least that was wished for. */
  readonly takenBack: readonly string[];
  /** Those of them that could not be ended: they run, and cost. */
  readonly notTakenBack: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Launches, and takes back what was started when it is less than the least that is of use.
 * @param atLeast 0: whatever can be had
 */
export async function upHosts(
  provider: HostProvider,
  request: UpRequest,
  { atLeast, progress, signal }: { atLeast: number; progress: (line: string) => void; signal: AbortSignal },
): Promise<UpOutcome> {
  const { started, shortfalls } = await provider.up({ ...request, atLeast }, progress, signal);
  if (started.length >= atLeast || started.length === 0) {
    return { started, shortfalls, takenBack: [], notTakenBack: [] };
  }
  progress(`${started.length} of at least ${atLeast} hosts were to be had: they are stopped again.`);
  const ids = started.map(({ id }) => id);
  // Nobody stops this half-way: what was started for nothing must not be forgotten.
  const { stopped, failed } = await provider
    .down(request.fleet, ids, new AbortController().signal, { force: false })
    .catch((error: unknown) => notStopped(ids, error));
  const running = new Set(failed.map(({ id }) => id));
  return {
    started: started.filter(({ id }) => running.has(id)),
    shortfalls,
    takenBack: stopped,
    notTakenBack: failed,
  };
}

/** Why it failed is told with the hosts that run for it. */
function notStopped(ids: readonly string[], error: unknown): DownResult {
  if (!(error instanceof UserError)) throw error;
  return { stopped: [], failed: ids.map((id) => ({ id, reason: error.message })), kept: [] };
}
