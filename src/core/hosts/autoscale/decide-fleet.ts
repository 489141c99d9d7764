import { decideUp, type Money } from '../decide-up.ts';
import { BOOT_MS, isUp, type FleetHostView } from '../fleet-view.ts';

/** A host that was heard from, and then not for so long, is lost. */
export const LOST_MS = 10 * 60_000;

/** Hosts that ended within this time without a word count as launches that failed. EC2 lists them for about an hour. */
const FAILED_WITHIN_MS = 50 * 60_000;

/** The pause after the first launch that failed; it doubles with each. */
const FAILED_PAUSE_MS = 60_000;
const FAILED_PAUSE_MOST_MS = 30 * 60_000;

/** Everything that decides what becomes of the fleet. */
export interface FleetSituation {
  readonly views: readonly FleetHostView[];
  /** Jobs that wait or are held. */
  readonly openJobs: number;
  /** Hosts that would still get a job if they were launched now; null: that cannot be told yet. */
  readonly usable: number | null;
  /** Hosts that the orchestrator hears from and that are not of the fleet: they take jobs as well. */
  readonly others: number;
  readonly isPaused: boolean;
  /** Hosts of launches of which nobody knows yet what became of them. */
  readonly unsettled: number;
  readonly maxHosts: number;
  readonly money: Money | null;
  readonly idleForMs: number;
  /** How long the orchestrator has been there to hear from hosts. */
  readonly listeningMs: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface FleetDecision {
  readonly up: number;
  readonly down: readonly { readonly id: string; readonly why: 'idle' | 'lost' | 'stopped' }[];
  /** What keeps the fleet smaller than the jobs could use, a line each. */
  readonly notes: readonly string[];
}

const NOTHING: FleetDecision = { up: 0, down: [], notes: [] };

/**
 * What the fleet needs now: hosts up to what the open jobs can use, as long as those that are launched now would still
 * get one, in the place of lost ones too; idle ones
 * that nobody needs any more go. Hosts that are still coming count, so that nothing is launched twice for one
 * need. Pure, and from what is there alone: after a restart it decides the same.
 */
export function decideFleet(situation: FleetSituation): FleetDecision {
  const { views, openJobs, others, isPaused, unsettled, maxHosts, money, now } = situation;
  if (isPaused) return NOTHING;
  const here = views.filter(({ host }) => isUp(host));
  const lost = here.filter((view) => isLost(view, situation.listeningMs));
  const alive = here.length - lost.length;
  const needed = Math.min(Math.max(openJobs - others, 0), maxHosts);
  const stopped = views.filter(({ host }) => host.state === 'stopped');
  const down = [
    ...stopped.map(({ host }) => ({ id: host.id, why: 'stopped' as const })),
    ...lost.map(({ host }) => ({ id: host.id, why: 'lost' as const })),
    ...spare(here, situation, alive - needed).map(({ host }) => ({ id: host.id, why: 'idle' as const })),
  ];
  const wished = Math.min(needed - alive - unsettled, situation.usable ?? Infinity);
  if (wished <= 0) return { up: 0, down, notes: [] };
  const failed = failures(views, now);
  const pause = pauseAfter(failed, now);
  if (pause > 0) {
    const note = `hosts ended before their first word: none is launched for ${Math.ceil(pause / 60_000)} min`;
    return { up: 0, down, notes: [note] };
  }
  // Lost hosts are paid for until they are gone, so that they take up room.
  const limits = { openJobs, usable: null, others, up: here.length + unsettled, maxHosts, money };
  // Until one of them has spoken, one is enough to see whether the next would.
  const isTrial = failed.length > 0 && wished > 1 && here.every(({ record }) => record === null);
  const { count, notes } = decideUp({
    count: isTrial ? Math.max(1 - alive - unsettled, 0) : wished,
    ...limits,
  });
  const trial = 'hosts ended before their first word: one is launched to see whether it speaks';
  return { up: count, down, notes: isTrial ? [trial, ...notes] : notes };
}

/**
 * It was given all the time that a host may need, and the orchestrator was there to hear it. While it holds a job
 * its lease says for how long it is waited for.
 */
function isLost({ activity, record, silentMs, ageMs }: FleetHostView, listeningMs: number): boolean {
  if (activity !== 'silent' || listeningMs < LOST_MS || (record?.job_id ?? null) !== null) return false;
  return silentMs === null ? (ageMs ?? 0) >= BOOT_MS : silentMs >= LOST_MS;
}

/** The hosts that are not needed, of those that are idle for long enough: the dearest first. */
function spare(
  here: readonly FleetHostView[],
  { idleForMs }: FleetSituation,
  tooMany: number,
): FleetHostView[] {
  const idle = here.filter(({ activity, idleMs }) => activity === 'idle' && (idleMs ?? 0) >= idleForMs);
  const price = ({ host }: FleetHostView): number => host.pricePerHour ?? 0;
  return idle.toSorted((a, b) => price(b) - price(a)).slice(0, Math.max(tooMany, 0));
}

/** When hosts ended without ever having spoken to the orchestrator: something is wrong with them. */
function failures(views: readonly FleetHostView[], now: number): number[] {
  return views.flatMap(({ host, record, ageMs }) => {
    if (host.state !== 'ended' || record !== null) return [];
    // What a person stopped has not failed, but when it had all the time that a host may need to speak.
    if (host.reason?.startsWith('User initiated') && (ageMs ?? 0) < BOOT_MS) return [];
    const endedAt = host.endedAt ?? host.launchedAt;
    return endedAt !== null && now - endedAt < FAILED_WITHIN_MS ? [endedAt] : [];
  });
}

/** Milliseconds for which nothing is launched: what was wrong with these would be with the next. */
function pauseAfter(failed: readonly number[], now: number): number {
  if (failed.length === 0) return 0;
  const pause = Math.min(FAILED_PAUSE_MS * 2 ** (failed.length - 1), FAILED_PAUSE_MOST_MS);
  return Math.max(Math.max(...failed) + pause - now, 0);
}
