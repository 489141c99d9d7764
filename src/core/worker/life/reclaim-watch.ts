import type { Logger } from '../../log/logger.ts';
import type { Clock } from '../clock.ts';
import { HostEnds } from './host-ends.ts';
import type { InstanceMetadata } from './imds.ts';

/** AWS recommends to look every five seconds; the notice comes two minutes before the end. */
export const LOOK_EVERY_MS = 5000;

export interface ReclaimPorts {
  metadata: Pick<InstanceMetadata, 'get'>;
  clock: Pick<Clock, 'sleep'>;
  logger: Logger;
  /** Ends the watch. */
  signal: AbortSignal;
}

/**
 * Waits until EC2 says that it takes this host back: the interruption of a spot instance, or the
 * recommendation to leave one that will probably be interrupted. Both are 404 until then, and for ever on
 * other instances. null: the watch was ended. Never rejects.
 */
export async function watchReclaim(ports: ReclaimPorts): Promise<HostEnds | null> {
  const { clock, logger, signal } = ports;
  let told = false;
  while (!signal.aborted) {
    try {
      const notice = await look(ports);
      if (notice !== null) return notice;
      told = false;
    } catch (error) {
      if (signal.aborted) break;
      if (!told) logger.warn({ err: error }, 'EC2 cannot be asked whether it takes this host back');
      told = true;
    }
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
  return null;
}

async function look({ metadata, signal }: ReclaimPorts): Promise<HostEnds | null> {
  const action = await metadata.get('spot/instance-action', signal);
  if (action !== null) {
    const { what, at } = parseAction(action);
    return new HostEnds('reclaimed', `EC2 interrupts this spot instance (${what}${at})`);
  }
  const rebalance = await metadata.get('events/recommendations/rebalance', signal);
  return rebalance === null
    ? null
    : new HostEnds('reclaimed', 'EC2 recommends to leave this spot instance (rebalance recommendation)');
}

/** `{"action": "terminate", "time": "2026-11-22T08:22:00Z"}`. Whatever it is, that there is one is what counts. */
function parseAction(text: string): { what: string; at: string } {
  try {
    const { action, time } = JSON.parse(text) as { action?: unknown; time?: unknown };
    const what = typeof action === 'string' && /^[a-z]{1,20}$/.test(action) ? action : 'unknown action';
    const at = typeof time === 'string' && /^[\dTZ:.-]{1,30}$/.test(time) ? ` at ${time}` : '';
    return { what, at };
  } catch {
    return { what: 'unknown action', at: '' };
  }
}
