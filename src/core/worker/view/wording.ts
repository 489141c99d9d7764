import { formatBar, formatPercent } from '../../format/bar.ts';
import { formatBytes } from '../../format/bytes.ts';
import { formatCount } from '../../format/count.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatBlockRate, formatByteRate } from '../../format/rate.ts';
import type { JobEnd, JobTitle, Step, StepProgress } from './view.ts';

export const STEP_NAMES: Record<Step, string> = {
  install: 'install nodeos',
  snapshot: 'fetch snapshot',
  blocks: 'fetch blocks',
  load: 'load snapshot',
  replay: 'replay blocks',
  hash: 'final hash',
};

export function describeJob({ jobId, startBlock, endBlock, attempt }: JobTitle): string {
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  return `job ${jobId}: blocks ${formatCount(startBlock)} to ${formatCount(endBlock)}${again}`;
}

/** How far a step is, in words; for a terminal with a bar in front. */
export function describeProgress(progress: StepProgress, options: { bar: boolean }): string {
  const fraction = fractionOf(progress);
  const share = fraction === null ? [] : [formatPercent(fraction)];
  const bar = options.bar && fraction !== null ? [formatBar(fraction)] : [];
  return [...bar, ...share, ...detailsOf(progress)].join('  ');
}

function fractionOf(progress: StepProgress): number | null {
  switch (progress.kind) {
    case 'bytes':
      return progress.total === null || progress.total === 0 ? null : progress.done / progress.total;
    case 'percent':
      return progress.percent / 100;
    case 'blocks':
      return (progress.block - progress.startBlock) / (progress.endBlock - progress.startBlock);
    default:
      return unreachable(progress);
  }
}

function detailsOf(progress: StepProgress): string[] {
  switch (progress.kind) {
    case 'bytes': {
      const total = progress.total === null ? '' : ` of ${formatBytes(progress.total)}`;
      return [`${formatBytes(progress.done)}${total}`, formatByteRate(progress.perSecond)];
    }
    case 'percent':
      return [];
    case 'blocks': {
      const left = progress.leftMs === null ? [] : [`${formatDuration(progress.leftMs)} left`];
      return [`block ${formatCount(progress.block)}`, formatBlockRate(progress.perSecond), ...left];
    }
    default:
      return unreachable(progress);
  }
}

/** The one line that stays of a finished job. */
export function describeEnd(title: JobTitle, end: JobEnd, durationMs: number): string {
  return `${describeJob(title)}: ${outcomeOf(end)} (${formatDuration(durationMs)})`;
}

function outcomeOf(end: JobEnd): string {
  switch (end.kind) {
    case 'complete':
      return `complete, hash ${end.hash.slice(0, 16)}…${end.standIn ? ' [STAND-IN, not a real nodeos]' : ''}`;
    case 'error':
      return `failed, ${end.cause}: ${end.message}`;
    case 'given-back':
      return 'interrupted, given back';
    case 'dropped':
      return `dropped: ${end.reason}`;
    default:
      return unreachable(end);
  }
}

function unreachable(never: never): never {
  throw new Error(`Not handled: ${JSON.stringify(never)}`);
}
