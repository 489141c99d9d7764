import type { OrchestratorClient } from '../protocol/client.ts';
import type { FleetHostView } from './fleet-view.ts';
import type { HostRecord } from '../protocol/host-record.ts';

/** What the orchestrator knows that decides how many hosts are worth their money. */
export interface RunFacts {
  readonly run: string;
  /** Jobs that wait or are held by a host. */
  readonly openJobs: number;
  /** Of them, jobs that wait. */
  readonly waitingJobs: number;
  /** US dollars that the hosts of the run have cost, as far as their prices are known. */
  readonly spent: number;
  /** Until the run is expected to end; null: it cannot be told yet. */
  readonly hoursLeft: number | null;
  /** No job is handed out for now. */
  readonly isPaused: boolean;
  readonly hosts: readonly HostRecord[];
}

/** Hosts that the orchestrator hears from and that are not of the fleet: they take jobs as well. Pure. */
export function othersOf(views: readonly FleetHostView[], facts: RunFacts | null): number {
  const ofFleet = new Set(views.map(({ record }) => record?.worker_id));
  return facts?.hosts.filter(({ worker_id, is_seen }) => is_seen && !ofFleet.has(worker_id)).length ?? 0;
}

/** @throws OrchestratorError */
export async function readRunFacts(client: OrchestratorClient, signal: AbortSignal): Promise<RunFacts> {
  const summary = await client.summary({ signal });
  const { statuses, cost, time_left: left, paused } = summary;
  const held = statuses.STARTED + statuses.LOADING_SNAPSHOT + statuses.WORKING;
  return {
    run: String(summary.run_id),
    openJobs: statuses.WAITING_4_WORKER + held,
    waitingJobs: statuses.WAITING_4_WORKER,
    spent: cost?.usd ?? 0,
    hoursLeft: left === null ? null : left.likely_seconds / 3600,
    isPaused: (paused ?? null) !== null,
    hosts: (await client.hosts({ signal })) ?? [],
  };
}
