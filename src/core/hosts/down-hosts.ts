import { UserError } from '../domain/user-error.ts';
import { isUp } from './fleet-view.ts';
import type { DownOptions, DownResult, HostProvider } from './provider.ts';

export interface DownWork extends DownOptions {
  readonly fleet: string;
  readonly ids: readonly string[];
  /** All hosts of the fleet are to go, also those that its place tells of only later. */
  readonly all: boolean;
}

export interface DownOutcome extends DownResult {
  /** Ids of hosts that the place lists as running after all this. Only looked for with `all`. */
  readonly remaining: readonly string[];
  /** Hosts of launches of which nobody knows yet what becomes of them. Only looked for with `all`. */
  readonly pending: number;
}

/** A place may be late to list a host; each look finds those that came since the one before. */
const ROUNDS = 3;

/**
 * Stops hosts. When all are to go, the place is asked again afterwards, what it tells then is stopped, too, and
 * what is left is said: no host is taken for stopped because it was listed late.
 */
export async function downHosts(
  provider: HostProvider,
  { fleet, ids, all, force }: DownWork,
  signal: AbortSignal,
): Promise<DownOutcome> {
  let result: DownResult = { stopped: [], failed: [], kept: [] };
  const stop = async (more: readonly string[]): Promise<void> => {
    if (more.length > 0) result = joined(result, await provider.down(fleet, more, signal, { force }));
  };
  await stop(ids);
  if (!all) return { ...result, remaining: [], pending: 0 };
  try {
    return await untilNoneIsLeft();
  } catch (error) {
    throw error instanceof UserError && result.stopped.length > 0 ? besides(result.stopped, error) : error;
  }

  async function untilNoneIsLeft(): Promise<DownOutcome> {
    let remaining = await running(provider, fleet, result, signal);
    for (let round = 1; round < ROUNDS && remaining.length > 0; round += 1) {
      await stop(remaining);
      remaining = await running(provider, fleet, result, signal);
    }
    const pending = (await provider.unsettled?.(fleet, signal)) ?? 0;
    const isClear = result.failed.length === 0 && remaining.length === 0 && pending === 0;
    const kept = isClear ? await provider.cleanUp(fleet, signal, { force }) : [];
    return { ...joined(result, { stopped: [], failed: [], kept }), remaining, pending };
  }
}

/** What was stopped is said also when it cannot be told what is left. */
function besides(stopped: readonly string[], error: UserError): UserError {
  const { code, exitCode, hint } = error;
  const done = `Stopping: ${stopped.join(' ')}. What is left could not be looked at, or removed`;
  return new UserError({
    code,
    exitCode,
    message: `${done}: ${error.message}`,
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

/** Hosts that are listed as running and were not asked to end; the list may be behind for those that were. */
async function running(
  provider: HostProvider,
  fleet: string,
  { stopped, failed }: DownResult,
  signal: AbortSignal,
): Promise<string[]> {
  const known = new Set([...stopped, ...failed.map(({ id }) => id)]);
  const hosts = await provider.list(fleet, signal);
  return hosts
    .filter((host) => (isUp(host) || host.state === 'stopped') && !known.has(host.id))
    .map(({ id }) => id);
}

/** What was kept is told once for each host. */
function joined(a: DownResult, b: DownResult): DownResult {
  const kept = new Map([...a.kept, ...b.kept].map((one) => [one.id, one]));
  return {
    stopped: [...a.stopped, ...b.stopped],
    failed: [...a.failed, ...b.failed],
    kept: [...kept.values()],
  };
}
