import { STAGES, type Stage, type StageTimes } from '../../domain/job.ts';

export const STAGE_NAMES: Record<Stage, string> = {
  install: 'installing nodeos',
  fetch: 'fetching',
  load: 'loading the snapshot',
  replay: 'replaying',
  hash: 'taking the hash',
};

/** The stages that were reached, in their order. Milliseconds. */
export function stagesOf(times: StageTimes): { stage: Stage; ms: number }[] {
  return STAGES.flatMap((stage) => {
    const ms = times[stage];
    return ms === undefined ? [] : [{ stage, ms }];
  });
}
