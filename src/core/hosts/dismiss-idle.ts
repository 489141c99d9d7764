import type { OrchestratorClient } from '../protocol/client.ts';
import type { FleetHostView } from './fleet-view.ts';

export interface Dismissed {
  /** Hosts that may be ended: they get no more jobs, or the orchestrator has never heard of them. */
  readonly ids: readonly string[];
  /** Hosts that have taken a job since they were looked at, and are to stay. */
  readonly atWork: readonly string[];
}

/**
 * Has the orchestrator give no more jobs to hosts that are to be ended because they have none, and tells those
 * apart that have taken one meanwhile.
 * @throws OrchestratorError
 */
export async function dismissIdle(
  client: Pick<OrchestratorClient, 'dismissHosts'>,
  views: readonly FleetHostView[],
  signal: AbortSignal,
): Promise<Dismissed> {
  const workers = views.flatMap(({ record }) => record?.worker_id ?? []);
  const answer = workers.length === 0 ? null : await client.dismissHosts(workers, { signal });
  const busy = new Set(answer?.at_work.map(({ worker_id: id }) => id));
  const isBusy = ({ record }: FleetHostView): boolean => record !== null && busy.has(record.worker_id);
  const idsOf = (some: readonly FleetHostView[]): string[] => some.map(({ host }) => host.id);
  return { ids: idsOf(views.filter((view) => !isBusy(view))), atWork: idsOf(views.filter(isBusy)) };
}
