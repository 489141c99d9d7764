import { BOOT_MS, type FleetHostView } from './fleet-view.ts';

/** Which hosts a person wants stopped. */
export type DownChoice = 'all' | { readonly idleForMs: number } | readonly string[];

export interface ChosenDown {
  /** Hosts that have not ended. */
  readonly ids: readonly string[];
  /** How many of them hold a job. */
  readonly atWork: number;
  /** What was named and is no host of the fleet. */
  readonly strangers: readonly string[];
}

/** The hosts that are meant. Pure. @param waiting jobs that nobody holds */
export function chooseDown(views: readonly FleetHostView[], choice: DownChoice, waiting: number): ChosenDown {
  const here = views.filter(({ host }) => host.state !== 'ended' && host.state !== 'stopping');
  const chosen = here.filter((view) => isMeant(view, choice, waiting));
  const known = new Set(views.map(({ host }) => host.id));
  return {
    ids: chosen.map(({ host }) => host.id),
    atWork: workers(chosen),
    strangers: Array.isArray(choice) ? choice.filter((id: string) => !known.has(id)) : [],
  };
}

function workers(views: readonly FleetHostView[]): number {
  return views.filter(({ activity }) => activity === 'at-work').length;
}

function isMeant(view: FleetHostView, choice: DownChoice, waiting: number): boolean {
  const { host, activity, idleMs } = view;
  if (choice === 'all') return true;
  if (!('idleForMs' in choice)) return choice.includes(host.id);
  if (activity === 'stopped' || isLost(view)) return true;
  // A host is about to take a job that waits; it has just not asked for it.
  return activity === 'idle' && waiting === 0 && (idleMs ?? 0) >= choice.idleForMs;
}

/**
 * It was given all the time that a host may need to boot, or to come back after a fault of the network. One whose
 * job was not taken from it yet may be at work on it.
 */
function isLost({ activity, record, silentMs }: FleetHostView): boolean {
  if (activity !== 'silent') return false;
  return record === null || (record.job_id === null && (silentMs ?? 0) >= BOOT_MS);
}
