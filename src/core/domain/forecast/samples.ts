import type { Attempt, Job } from '../job.ts';
import { utcSeconds } from '../time.ts';
import { isHeld } from '../transition.ts';

/** How long one slice took, or takes so far. Seconds. */
export interface Sample {
  /** Where on the chain: blocks of one age are of one kind. */
  readonly startBlock: number;
  readonly secondsPerBlock: number;
  /** Before the first block: installing, fetching, loading. */
  readonly before: number;
  /** After the last one: taking the hash. */
  readonly after: number;
}

/** What a run has shown of the time that slices take. */
export interface Experience {
  readonly samples: readonly Sample[];
  /** Seconds of attempts that came to nothing and were followed by another one. */
  readonly wasted: readonly number[];
  /** Share of the attempts that did. */
  readonly wastedShare: number;
}

/** More say nothing new. */
const MAX_SAMPLES = 2000;

/**
 * Slices that were replayed to their end, and those that are being replayed at a known rate. Without the
 * latter the first ones to finish, which are the quick ones, would speak for all.
 *
 * @param now seconds since 1970.
 */
export function experienceOf(jobs: readonly Job[], now: number): Experience {
  const finished = jobs.filter(isReplayed);
  const step = Math.max(1, Math.ceil(finished.length / MAX_SAMPLES));
  const samples = finished.filter((_, at) => at % step === 0).flatMap((job) => finishedSample(job) ?? []);
  const after = samples.reduce((sum, sample) => sum + sample.after, 0) / Math.max(samples.length, 1);
  const wasted: number[] = [];
  let underWay = 0;
  for (const job of jobs) {
    const sample = job.status === 'WORKING' ? workingSample(job, now, after) : null;
    if (sample !== null) samples.push(sample);
    if (isHeld(job.status)) underWay += 1;
    for (const attempt of job.attempts) if (isWasted(job, attempt)) wasted.push(secondsOf(attempt));
  }
  // Failures come to light sooner than successes: what is under way is taken to be half of a success.
  const wastedShare = wasted.length / Math.max(wasted.length + finished.length + underWay / 2, 1);
  return { samples, wasted, wastedShare };
}

function isReplayed({ status, attempts }: Job): boolean {
  return (status === 'COMPLETE' || status === 'HASH_MISMATCH') && attempts.at(-1)?.outcome === 'COMPLETE';
}

function isWasted({ status, attempts }: Job, attempt: Attempt): boolean {
  if (attempt.outcome === null || attempt.outcome === 'COMPLETE') return false;
  return attempt !== attempts.at(-1) || status === 'WAITING_4_WORKER';
}

function secondsOf({ startTime, endTime }: Attempt): number {
  const seconds = endTime === null ? NaN : utcSeconds(endTime) - utcSeconds(startTime);
  return seconds >= 0 ? seconds : 0;
}

/** Older clients tell no stages: all of the time is the blocks' then. */
function finishedSample({ slice, attempts }: Job): Sample | null {
  const attempt = attempts.at(-1);
  const blocks = slice.endBlock - slice.startBlock;
  if (attempt === undefined || blocks <= 0) return null;
  const { replay, hash = 0 } = attempt.stageTimes;
  const whole = secondsOf(attempt);
  const replaying = replay === undefined ? whole : replay / 1000;
  const after = hash / 1000;
  const before = Math.max(whole - replaying - after, 0);
  return { startBlock: slice.startBlock, secondsPerBlock: replaying / blocks, before, after };
}

function workingSample(job: Job, now: number, after: number): Sample | null {
  const { slice, blocksPerSecond: rate, lastBlockProcessed, startTime } = job;
  const done = lastBlockProcessed - slice.startBlock;
  if (rate === null || rate <= 0 || done <= 0) return null;
  const elapsed = now - utcSeconds(startTime);
  const before = elapsed > 0 ? Math.max(elapsed - done / rate, 0) : 0;
  return { startBlock: slice.startBlock, secondsPerBlock: 1 / rate, before, after };
}
