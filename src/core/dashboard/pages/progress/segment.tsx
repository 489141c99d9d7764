import { formatCount } from '../../../format/count.ts';
import { formatBlockRate } from '../../../format/rate.ts';
import type { JobRow } from '../../../protocol/job-row.ts';
import { STANDING_NAMES, STANDINGS, standingOf, type Standing } from '../../data/standing.ts';
import { jobSignal } from '../../data/store.ts';
import { jobAddress, jobsAddress } from '../../routing/addresses.ts';
import type { Piece, Segment } from './layout.ts';

export const ROW_HEIGHT = 20;
export const ROW_STEP = 24;
/** A problem is seen even where a slice is one in ten thousand. */
const NARROWEST_PROBLEM = 4;

/** One stretch of the chain. It is drawn anew when one of its jobs changes, and nothing else is. */
export function SegmentLink({ segment, index }: { segment: Segment; index: number }) {
  const { jobIds, startBlock, endBlock, pieces } = segment;
  const standing = worst(jobsOf(segment));
  const [only] = jobIds;
  const to =
    jobIds.length === 1 && only !== undefined
      ? jobAddress(only)
      : jobsAddress({ blocks: `${startBlock}-${endBlock}` });
  return (
    <a href={to} tabindex={index === 0 ? 0 : -1} data-index={index} aria-label={aboutSegment(segment)}>
      {pieces.map((piece, at) => (
        <rect key={at} class={`s-${standing}`} {...placeOf(piece, standing)} />
      ))}
    </a>
  );
}

function placeOf({ row, x, width }: Piece, standing: Standing) {
  // A gap between neighbours, where there is room for one.
  const gap = width > 3 ? 1 : 0;
  const isProblem = standing === 'failed' || standing === 'mismatch';
  const shown = isProblem ? Math.max(width - gap, NARROWEST_PROBLEM) : width - gap;
  return { x: round(x), y: row * ROW_STEP, width: round(shown), height: ROW_HEIGHT };
}

function jobsOf({ jobIds }: Segment): JobRow[] {
  return jobIds.flatMap((id) => jobSignal(id)?.value ?? []);
}

function worst(jobs: readonly JobRow[]): Standing {
  const found = new Set(jobs.map(standingOf));
  return STANDINGS.find((standing) => found.has(standing)) ?? 'waiting';
}

/** A segment in words. */
export function aboutSegment(segment: Segment): string {
  const jobs = jobsOf(segment);
  const [job] = jobs;
  const blocks = `blocks ${formatCount(segment.startBlock)} to ${formatCount(segment.endBlock)}`;
  if (job === undefined) return blocks;
  if (jobs.length > 1) return `${formatCount(jobs.length)} slices, ${blocks}: ${counted(jobs)}`;
  return [
    `Slice ${job.replay_slice_id}, ${blocks}: ${STANDING_NAMES[standingOf(job)]}`,
    ...(job.error_cause === null ? [] : [job.error_cause]),
    ...(job.worker_id === null ? [] : [job.worker_id]),
    ...(job.status === 'WORKING' && job.blocks_per_second !== null
      ? [formatBlockRate(job.blocks_per_second)]
      : []),
  ].join(', ');
}

function counted(jobs: readonly JobRow[]): string {
  const standings = jobs.map(standingOf);
  return STANDINGS.flatMap((standing) => {
    const count = standings.filter((other) => other === standing).length;
    return count === 0 ? [] : [`${count} ${STANDING_NAMES[standing]}`];
  }).join(', ');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
