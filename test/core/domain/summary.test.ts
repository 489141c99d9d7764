import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOB_STATUSES } from '../../../src/core/domain/job.ts';
import type { Job } from '../../../src/core/domain/job.ts';
import { settle } from '../../../src/core/domain/ledger.ts';
import { parseManifest } from '../../../src/core/domain/manifest/parse.ts';
import { newJob } from '../../../src/core/domain/new-job.ts';
import { jobEta, summarise } from '../../../src/core/domain/summary.ts';
import type { Summary } from '../../../src/core/domain/summary.ts';
import { aFinishedJob, aJob, CREATED, hash, observedBy } from './builders.ts';

const NOW = new Date('2026-11-22T12:00:00Z');

function summary(...jobs: Job[]): Summary {
  return summarise(jobs, settle(jobs, []), NOW);
}

function jobsOf(fixture: string): Job[] {
  const text = readFileSync(new URL(`../../fixtures/manifests/${fixture}`, import.meta.url), 'utf8');
  const manifest = parseManifest(text);
  return manifest.ok ? manifest.slices.map((slice, index) => newJob(index + 1, slice, CREATED)) : [];
}

describe('a summary', () => {
  it('of a run that has just begun', () => {
    expect(summary(...jobsOf('three-slices.json'))).toEqual({
      totalBlocks: 691_154,
      blocksProcessed: 0,
      totalJobs: 3,
      jobsSucceeded: 0,
      jobsFailed: 0,
      failedJobs: [],
      jobsRemaining: 3,
      isRunning: true,
      hostCount: 0,
      statuses: {
        WAITING_4_WORKER: 3,
        STARTED: 0,
        LOADING_SNAPSHOT: 0,
        WORKING: 0,
        COMPLETE: 0,
        ERROR: 0,
        TIMEOUT: 0,
        HASH_MISMATCH: 0,
      },
      verdicts: { PENDING: 0, VERIFIED: 0, MISMATCH: 0, UNVERIFIABLE: 0 },
      blocksPerSecond: null,
      eta: null,
      standIn: false,
      nodeosVersions: [],
      hashConflicts: [],
      suspectSnapshots: [],
      blocksPerSecondAverage: null,
      timeLeft: null,
    });
  });

  it('counts the slice that starts at 0', () => {
    const jobs = jobsOf('eos-mainnet-899-slices.json').map((job): Job => ({
      ...job,
      status: 'COMPLETE',
      verdict: 'VERIFIED',
    }));
    const { totalBlocks, blocksProcessed } = summary(...jobs);
    expect([totalBlocks, blocksProcessed]).toEqual([349_798_134, 349_798_134]);
  });

  it('tells success, failure and what remains apart', () => {
    const jobs = [
      aJob({ status: 'COMPLETE', verdict: 'VERIFIED', actualHash: hash('a') }, { sliceId: 1 }),
      aJob({ status: 'COMPLETE', verdict: 'UNVERIFIABLE', actualHash: hash('a') }, { sliceId: 2 }),
      aJob({ status: 'COMPLETE', verdict: 'PENDING', actualHash: hash('a') }, { sliceId: 3 }),
      aJob({ status: 'TIMEOUT' }, { sliceId: 4 }),
      aJob({ status: 'HASH_MISMATCH', verdict: 'MISMATCH', actualHash: hash('a') }, { sliceId: 5 }),
      aJob({ status: 'ERROR' }, { sliceId: 6 }),
      aJob({ status: 'STARTED' }, { sliceId: 7 }),
      aJob({}, { sliceId: 8 }),
    ];
    expect(summary(...jobs)).toMatchObject({
      totalJobs: 8,
      jobsSucceeded: 2,
      jobsFailed: 3,
      failedJobs: [
        { status: 'TIMEOUT', jobId: 104, sliceId: 4 },
        { status: 'HASH_MISMATCH', jobId: 105, sliceId: 5 },
        { status: 'ERROR', jobId: 106, sliceId: 6 },
      ],
      jobsRemaining: 3,
      isRunning: true,
      statuses: { COMPLETE: 3, TIMEOUT: 1, HASH_MISMATCH: 1, ERROR: 1, STARTED: 1, WAITING_4_WORKER: 1 },
      verdicts: { PENDING: 1, VERIFIED: 1, MISMATCH: 1, UNVERIFIABLE: 1 },
    });
  });

  it('is running while a job waits or is held, and not for a verdict or a failure', () => {
    expect(summary(aJob({ status: 'WAITING_4_WORKER' })).isRunning).toBe(true);
    expect(summary(aJob({ status: 'LOADING_SNAPSHOT' })).isRunning).toBe(true);
    expect(
      summary(aJob({ status: 'COMPLETE', verdict: 'PENDING' }), aJob({ status: 'ERROR' })).isRunning,
    ).toBe(false);
  });

  it.each<[string, Partial<Job>, number]>([
    ['before the slice, after its snapshot is loaded', { status: 'WORKING', lastBlockProcessed: 0 }, 0],
    ['below the start', { status: 'WORKING', lastBlockProcessed: 50 }, 0],
    ['within', { status: 'WORKING', lastBlockProcessed: 130 }, 30],
    ['beyond the end', { status: 'WORKING', lastBlockProcessed: 999 }, 100],
    ['of a failed attempt', { status: 'ERROR', lastBlockProcessed: 130 }, 30],
    ['of a job that waits', { status: 'WAITING_4_WORKER', lastBlockProcessed: 130 }, 0],
    ['of a finished job, whatever it reported', { status: 'COMPLETE', lastBlockProcessed: 130 }, 100],
    ['of a mismatch', { status: 'HASH_MISMATCH', lastBlockProcessed: 0 }, 100],
  ])('counts the blocks %s', (_what, changes, blocksProcessed) => {
    expect(summary(aJob(changes))).toMatchObject({ totalBlocks: 100, blocksProcessed });
  });

  it('counts each host once, and one that does not name itself for each job', () => {
    const held = (sliceId: number, changes: Partial<Job>): Job =>
      aJob({ status: 'WORKING', ...changes }, { sliceId });
    const jobs = [held(1, { workerId: 'a' }), held(2, { workerId: 'a' }), held(3, { workerId: 'b' })];
    expect(
      summary(...jobs, held(4, {}), held(5, {}), aJob({ status: 'ERROR', workerId: 'c' })).hostCount,
    ).toBe(4);
  });

  it('adds up the rates of what is replayed now, and says when it all should end', () => {
    const working = aJob({ status: 'WORKING', lastBlockProcessed: 150, blocksPerSecond: 1.5 });
    const other = aJob({ status: 'WORKING', lastBlockProcessed: 200, blocksPerSecond: 0.5 }, { sliceId: 3 });
    const failed = aJob({ status: 'ERROR', blocksPerSecond: 100 }, { sliceId: 4 });
    // 50 + 100 + 100 blocks are left, 2 in a second.
    expect(summary(working, other, failed, aJob({}, { sliceId: 5 }))).toMatchObject({
      blocksPerSecond: 2,
      eta: '2026-11-22T12:02:05',
    });
  });

  it.each([null, 0, 1e-300])('does not know when it ends at %j blocks in a second', (blocksPerSecond) => {
    const job = aJob({ status: 'WORKING', blocksPerSecond });
    expect(summary(job).eta).toBeNull();
    expect(jobEta(job, NOW)).toBeNull();
  });

  it('says when one job should end', () => {
    expect(jobEta(aJob({ status: 'WORKING', lastBlockProcessed: 150, blocksPerSecond: 5 }), NOW)).toBe(
      '2026-11-22T12:00:10',
    );
    expect(jobEta(aJob({ status: 'ERROR', blocksPerSecond: 5 }), NOW)).toBeNull();
  });

  it('lists the versions of nodeos, and says when one is the stand-in', () => {
    const jobs = [
      aJob({ nodeosVersion: 'v1.2.2' }),
      aJob({ nodeosVersion: 'v1.0.2' }),
      aJob({ nodeosVersion: 'v1.2.2' }),
    ];
    expect(summary(...jobs)).toMatchObject({ nodeosVersions: ['v1.0.2', 'v1.2.2'], standIn: false });
    expect(summary(...jobs, aJob({ nodeosVersion: 'v1.2.2-stand-in' })).standIn).toBe(true);
  });

  it('names conflicts and suspects', () => {
    const next = aJob({ status: 'WORKING' }, { sliceId: 3 });
    const job = aFinishedJob(2, hash('a'), { knownHash: hash('a') });
    const { hashConflicts, suspectSnapshots } = summarise(
      [job, next],
      settle([job, next], [observedBy(next, hash('b'))]),
      NOW,
    );
    expect([hashConflicts.length, suspectSnapshots.length]).toEqual([1, 1]);
  });

  it('of nothing is all zero', () => {
    expect(summary()).toMatchObject({ totalBlocks: 0, blocksProcessed: 0, totalJobs: 0, isRunning: false });
  });

  it('never has more blocks processed than there are, and every job is in one of three groups', () => {
    const job = fc
      .record({
        status: fc.constantFrom(...JOB_STATUSES),
        verdict: fc.constantFrom('PENDING', 'VERIFIED', 'MISMATCH', 'UNVERIFIABLE', null),
        lastBlockProcessed: fc.nat(),
        blocksPerSecond: fc.option(fc.double({ min: 0, noNaN: true })),
      })
      .map((changes) => aJob(changes));
    const property = fc.property(fc.array(job), (jobs) => {
      const made = summary(...jobs);
      expect(made.blocksProcessed).toBeGreaterThanOrEqual(0);
      expect(made.blocksProcessed).toBeLessThanOrEqual(made.totalBlocks);
      expect(made.jobsSucceeded + made.jobsFailed + made.jobsRemaining).toBe(jobs.length);
    });
    fc.assert(property, { numRuns: 200 });
  });
});
