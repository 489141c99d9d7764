import type { FullJobRecord } from '../../protocol/full-record.ts';
import type { SummaryRecord } from '../../protocol/summary-record.ts';
import { reportedJob, type ReportedJob } from '../reported-job.ts';

interface RunOfJobs {
  summary: Pick<SummaryRecord, 'run_id'>;
  jobs: readonly FullJobRecord[];
}

/** A slice in the two runs, at least in one of them. */
export interface Pair {
  a: ReportedJob | null;
  b: ReportedJob | null;
}

/**
 * Puts together what is the same slice in both runs: the same start and end block. Where a run has several
 * of these, for several versions, those of the same version go together first, and then the others in the
 * order of the manifest. In the order of the blocks.
 */
export function pairSlices(a: RunOfJobs, b: RunOfJobs): Pair[] {
  const [inA, inB] = [byRange(a), byRange(b)];
  const ranges = new Set([...inA.keys(), ...inB.keys()]);
  return [...ranges]
    .flatMap((range) => pairUp(inA.get(range) ?? [], inB.get(range) ?? []))
    .toSorted(byBlocks);
}

function byRange({ summary, jobs }: RunOfJobs): Map<string, ReportedJob[]> {
  const reported = jobs.map((job) => reportedJob(job, summary.run_id));
  return Map.groupBy(reported, ({ startBlock, endBlock }) => `${startBlock}-${endBlock}`);
}

function pairUp(ofA: readonly ReportedJob[], ofB: readonly ReportedJob[]): Pair[] {
  const left = [...ofB];
  const take = (isIt: (job: ReportedJob) => boolean): ReportedJob | null => {
    const at = left.findIndex(isIt);
    return at === -1 ? null : (left.splice(at, 1)[0] ?? null);
  };
  const bySame = ofA.map((a) => ({ a, b: take((b) => b.requestedVersion === a.requestedVersion) }));
  const pairs = bySame.map(({ a, b }) => ({ a, b: b ?? take(() => true) }));
  return [...pairs, ...left.map((b) => ({ a: null, b }))];
}

function byBlocks(one: Pair, other: Pair): number {
  const [x, y] = [one.a ?? one.b, other.a ?? other.b];
  if (!x || !y) return 0;
  return x.startBlock - y.startBlock || x.endBlock - y.endBlock || x.sliceId - y.sliceId;
}
