import { describe, expect, it } from 'vitest';
import { timeLeft } from '../../../../src/core/domain/forecast/time-left.ts';
import type { Attempt, Job } from '../../../../src/core/domain/job.ts';
import { formatUtc } from '../../../../src/core/domain/time.ts';
import { aJob, anAttempt } from '../builders.ts';

const NOW = new Date('2026-11-22T12:00:00Z');

function ago(seconds: number): string {
  return formatUtc(new Date(NOW.getTime() - seconds * 1000));
}

/** Took so many seconds for its 100 blocks, 20 before and 10 after them. */
function finished(sliceId: number, replaySeconds: number): Job {
  const stageTimes = { load: 20_000, replay: replaySeconds * 1000, hash: 10_000 };
  const startTime = ago(5000);
  const endTime = ago(5000 - 30 - replaySeconds);
  const attempts = [anAttempt({ startTime, endTime, stageTimes, outcome: 'COMPLETE' })];
  return aJob({ status: 'COMPLETE', startTime, endTime, attempts }, { sliceId });
}

function held(sliceId: number, changes: Partial<Job> = {}): Job {
  const startTime = changes.startTime ?? ago(0);
  const attempts = [anAttempt({ startTime, endTime: null, outcome: null })];
  return aJob({ status: 'STARTED', startTime, attempts, ...changes }, { sliceId });
}

const waiting = (sliceId: number): Job => aJob({}, { sliceId });
const ALIKE = [finished(1, 100), finished(2, 100), finished(3, 100)];

describe('the time left', () => {
  it('is not known before three slices were replayed or are at a known rate', () => {
    expect(timeLeft([...ALIKE.slice(1), held(4)], NOW, 'manifest')).toBeNull();
    const replaying = held(4, { status: 'WORKING', blocksPerSecond: 1, lastBlockProcessed: 350 });
    expect(timeLeft([...ALIKE.slice(1), held(4), replaying], NOW, 'manifest')).not.toBeNull();
  });

  it('is not known while nobody is at work', () => {
    expect(timeLeft([...ALIKE, waiting(4)], NOW, 'manifest')).toBeNull();
    expect(timeLeft([], NOW, 'manifest')).toBeNull();
  });

  it('of slices like those that were seen is theirs, with what comes before and after the blocks', () => {
    const left = timeLeft([...ALIKE, held(4)], NOW, 'manifest');
    expect(left?.likelySeconds).toBeGreaterThan(125);
    expect(left?.likelySeconds).toBeLessThan(135);
  });

  it('counts what a slice has behind it', () => {
    const replaying = held(4, { status: 'WORKING', blocksPerSecond: 1, lastBlockProcessed: 390 });
    const left = timeLeft([...ALIKE, replaying], NOW, 'manifest');
    expect(left?.likelySeconds).toBeGreaterThanOrEqual(18);
    expect(left?.likelySeconds).toBeLessThanOrEqual(22);
    const loading = held(4, { status: 'LOADING_SNAPSHOT', startTime: ago(15) });
    expect(timeLeft([...ALIKE, loading], NOW, 'manifest')?.likelySeconds).toBeLessThan(120);
  });

  it('has the tail in it: one slice more than there are hosts takes a slice longer', () => {
    const jobs = [...ALIKE, held(4), held(5), held(6)];
    const even = timeLeft(jobs, NOW, 'manifest')?.likelySeconds ?? 0;
    const tail = timeLeft([...jobs, waiting(7)], NOW, 'manifest')?.likelySeconds ?? 0;
    expect(tail - even).toBeGreaterThan(100);
  });

  it('spreads more the more the slices differ, and low, likely and high are in order', () => {
    const rest = [held(5), waiting(6), waiting(7), waiting(8)];
    const width = (seen: Job[]): number => {
      const left = timeLeft([...seen, ...rest], NOW, 'manifest');
      expect(left?.lowSeconds).toBeLessThanOrEqual(left?.likelySeconds ?? -1);
      expect(left?.likelySeconds).toBeLessThanOrEqual(left?.highSeconds ?? -1);
      return (left?.highSeconds ?? 0) - (left?.lowSeconds ?? 0);
    };
    expect(width([finished(1, 50), finished(2, 400), finished(3, 100)])).toBeGreaterThan(3 * width(ALIKE));
  });

  it('follows the trend along the chain', () => {
    const growing = Array.from({ length: 20 }, (_, at) => finished(at + 1, 100 * 1.1 ** at));
    const alike = Array.from({ length: 20 }, (_, at) => finished(at + 1, 100 * 1.1 ** ((at * 7) % 20)));
    const rest = [held(21), ...Array.from({ length: 9 }, (_, at) => waiting(22 + at))];
    const later = timeLeft([...growing, ...rest], NOW, 'manifest')?.likelySeconds ?? 0;
    const anywhere = timeLeft([...alike, ...rest], NOW, 'manifest')?.likelySeconds ?? 0;
    expect(later).toBeGreaterThan(1.8 * anywhere);
  });

  it('grows with attempts that came to nothing', () => {
    const failure: Attempt = anAttempt({
      startTime: ago(4000),
      endTime: ago(3900),
      cause: 'nodeos-crash',
      message: null,
    });
    const again = ALIKE.map((job): Job => ({ ...job, attempts: [failure, ...job.attempts] }));
    const rest = [held(4), waiting(5), waiting(6), waiting(7), waiting(8)];
    const [well, ill] = [ALIKE, again].map(
      (seen) => timeLeft([...seen, ...rest], NOW, 'manifest')?.likelySeconds ?? 0,
    );
    expect(ill).toBeGreaterThan((well ?? 0) * 1.3);
  });

  it('knows that longest first leaves a shorter tail', () => {
    const long = aJob({}, { sliceId: 9, startBlock: 800, endBlock: 1600 });
    const jobs = [...ALIKE, held(4), held(5), waiting(6), waiting(7), waiting(8), long];
    const manifest = timeLeft(jobs, NOW, 'manifest')?.likelySeconds ?? 0;
    expect(timeLeft(jobs, NOW, 'longest-first')?.likelySeconds).toBeLessThan(manifest - 50);
  });

  it('is the same for the same run', () => {
    const jobs = [...ALIKE, held(4), waiting(5)];
    expect(timeLeft(jobs, NOW, 'manifest')).toEqual(timeLeft(jobs, NOW, 'manifest'));
  });
});
