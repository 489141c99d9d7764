import type { DownResult, HostProvider } from './provider.ts';

/** Ends all hosts of a fleet, and when none is left removes what was made for it as a whole. */
export async function downAll(
  provider: HostProvider,
  fleet: string,
  signal: AbortSignal,
): Promise<DownResult> {
  const hosts = await provider.list(fleet, signal);
  const ids = hosts.filter(({ state }) => state !== 'ended').map(({ id }) => id);
  const result = ids.length === 0 ? { stopped: [], failed: [] } : await provider.down(fleet, ids, signal);
  if (result.failed.length === 0) await provider.cleanUp(fleet, signal);
  return result;
}
