import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src/core/domain/job.ts';
import { settle, versionKey } from '../../../src/core/domain/ledger.ts';
import type { SnapshotObservation } from '../../../src/core/domain/ledger.ts';
import { aFinishedJob, aJob, aSlice, hash, observedBy } from './builders.ts';

const A = hash('a');
const B = hash('b');
const C = hash('c');

/** The jobs as they are after settling, changed or not. */
function settled(jobs: readonly Job[], observations: readonly SnapshotObservation[] = []): Job[] {
  const changed = new Map(settle(jobs, observations).jobs.map((job) => [job.jobId, job]));
  return jobs.map((job) => changed.get(job.jobId) ?? job);
}

function verdicts(jobs: readonly Job[], observations: readonly SnapshotObservation[] = []): unknown[] {
  return settled(jobs, observations).map(({ verdict, status }) => [verdict, status]);
}

const next = aJob({ status: 'WORKING' }, { sliceId: 3 });

describe('the verdict on a finished slice', () => {
  it.each<[string, string | null, string | null, string, string]>([
    ['A = S', A, null, 'VERIFIED', 'COMPLETE'],
    ['A = K, S unknown', null, A, 'VERIFIED', 'COMPLETE'],
    ['A = S = K', A, A, 'VERIFIED', 'COMPLETE'],
    ['A = S ≠ K', A, B, 'VERIFIED', 'COMPLETE'],
    ['A = K ≠ S', B, A, 'VERIFIED', 'COMPLETE'],
    ['A ≠ S, K unknown', B, null, 'MISMATCH', 'HASH_MISMATCH'],
    ['A ≠ S, K is ""', B, '', 'MISMATCH', 'HASH_MISMATCH'],
    ['A ≠ K, S unknown', null, B, 'MISMATCH', 'HASH_MISMATCH'],
    ['A ≠ S = K', B, B, 'MISMATCH', 'HASH_MISMATCH'],
    ['A ≠ S ≠ K', B, C, 'MISMATCH', 'HASH_MISMATCH'],
    ['neither S nor K, and the next slice may still tell', null, null, 'PENDING', 'COMPLETE'],
  ])('%s', (_what, seen, knownHash, verdict, status) => {
    const job = aFinishedJob(2, A, { knownHash });
    const observations = seen === null ? [] : [observedBy(next, seen)];
    expect(verdicts([job, next], observations)[0]).toEqual([verdict, status]);
  });

  it('is UNVERIFIABLE at the end of the chain', () => {
    expect(verdicts([aFinishedJob(2, A)])).toEqual([['UNVERIFIABLE', 'COMPLETE']]);
  });

  it('is UNVERIFIABLE when the next slice is of another version', () => {
    expect(verdicts([aFinishedJob(2, A), aJob({}, { sliceId: 3, version: '1.2.3' })])[0]).toEqual([
      'UNVERIFIABLE',
      'COMPLETE',
    ]);
  });

  it.each(['COMPLETE', 'ERROR', 'TIMEOUT'] as const)(
    'stays PENDING when the next slice ended (%s) without a word: it can be run again',
    (status) => {
      const silent = aJob({ status, actualHash: status === 'COMPLETE' ? C : null }, { sliceId: 3 });
      expect(verdicts([aFinishedJob(2, A), silent])[0]).toEqual(['PENDING', 'COMPLETE']);
    },
  );

  it('is null before there is a result, whatever is known', () => {
    for (const status of [
      'WAITING_4_WORKER',
      'STARTED',
      'LOADING_SNAPSHOT',
      'WORKING',
      'ERROR',
      'TIMEOUT',
    ] as const) {
      const job = aJob({ status, verdict: 'VERIFIED' }, { knownHash: A });
      expect(verdicts([job, next], [observedBy(next, B)])[0]).toEqual([null, status]);
    }
  });

  it('says in a mismatch what was expected, and where that is from', () => {
    const job = aFinishedJob(2, A, { knownHash: C });
    expect(settled([job, next], [observedBy(next, B)])[0]).toMatchObject({
      errorCause: 'hash-mismatch',
      errorMessage: `the state at block 200 has the hash ${A}; expected ${B} (from loading the snapshot at that block) or ${C} (from the manifest)`,
    });
    expect(settled([aFinishedJob(2, A, { knownHash: C })])[0]).toMatchObject({
      errorMessage: `the state at block 200 has the hash ${A}; expected ${C} (from the manifest)`,
    });
  });

  it('takes a mismatch back when the expected hash arrives late', () => {
    const [mismatch] = settled([aFinishedJob(2, A, { knownHash: B })]);
    const [job] = settled([mismatch ?? next, next], [observedBy(next, A)]);
    expect(job).toMatchObject({
      status: 'COMPLETE',
      verdict: 'VERIFIED',
      errorCause: null,
      errorMessage: null,
    });
  });
});

describe('a changed job', () => {
  it('has its revision raised by one; one that did not change is not returned', () => {
    const [job] = settle([aFinishedJob(2, A), aJob({}, { sliceId: 3 })], []).jobs;
    expect(job).toMatchObject({ jobId: 102, revision: 2, verdict: 'PENDING' });
    expect(settle([job ?? next, aJob({}, { sliceId: 3 })], []).jobs).toEqual([]);
  });

  it('shows the newest hash that is expected, before it is finished too, and keeps the one of the manifest', () => {
    const job = aJob({}, { knownHash: C });
    const observations = [observedBy(next, A, { at: '2026-11-22T11:00:00' }), observedBy(next, B)];
    expect(settled([job, next], observations)[0]).toMatchObject({
      expectedHash: B,
      slice: { knownHash: C },
      revision: 2,
    });
  });

  it('keeps "" and null as the manifest had them while nothing is known', () => {
    expect(settle([aJob({}, { knownHash: '' }), aJob({}, { sliceId: 3, knownHash: null })], []).jobs).toEqual(
      [],
    );
  });
});

describe('observations', () => {
  it('count newest first; of one second, the one that came last', () => {
    const job = aFinishedJob(2, A);
    const older = observedBy(next, B, { at: '2026-11-22T11:00:00' });
    const newer = observedBy(next, A, { at: '2026-11-22T11:00:01' });
    expect(settled([job, next], [older, newer])[0]?.verdict).toBe('VERIFIED');
    expect(settled([job, next], [newer, older])[0]?.verdict).toBe('VERIFIED');
    expect(settled([job, next], [newer, { ...older, at: newer.at }])[0]?.verdict).toBe('MISMATCH');
  });

  it('that differ among each other are a conflict', () => {
    const job = aFinishedJob(2, A);
    const observations = [observedBy(next, B, { at: '2026-11-22T11:00:00' }), observedBy(next, A)];
    expect(settle([job, next], observations).conflicts).toEqual([
      {
        block: 200,
        sliceId: 2,
        version: '1.2.2',
        actual: A,
        snapshot: A,
        known: null,
        olderSnapshots: [B],
        attempts: [],
      },
    ]);
  });

  it('of another version count for nothing', () => {
    const job = aFinishedJob(2, A);
    const other = observedBy(next, B, { versionKey: 'spring 1.2.3' });
    const { conflicts, suspects } = settle([job, next], [other]);
    expect(verdicts([job, next], [other])[0]).toEqual(['PENDING', 'COMPLETE']);
    expect(settled([job, next], [other])[0]?.expectedHash).toBeNull();
    expect({ conflicts, suspects }).toEqual({ conflicts: [], suspects: [] });
  });

  it('of a nodeos that reported another version of itself count for nothing', () => {
    const job = { ...aFinishedJob(2, A), nodeosVersion: 'v1.2.2' };
    expect(verdicts([job, next], [observedBy(next, B, { nodeosVersion: 'v1.2.3' })])[0]).toEqual([
      'PENDING',
      'COMPLETE',
    ]);
    expect(verdicts([job, next], [observedBy(next, A, { nodeosVersion: '1.2.2' })])[0]).toEqual([
      'VERIFIED',
      'COMPLETE',
    ]);
  });

  it('of a nodeos that reported nothing count', () => {
    const job = { ...aFinishedJob(2, A), nodeosVersion: 'v1.2.2' };
    expect(verdicts([job, next], [observedBy(next, A)])[0]).toEqual(['VERIFIED', 'COMPLETE']);
    expect(
      verdicts([aFinishedJob(2, A), next], [observedBy(next, A, { nodeosVersion: 'v1.2.3' })])[0],
    ).toEqual(['VERIFIED', 'COMPLETE']);
  });
});

describe('a conflict', () => {
  const conflict = { block: 200, sliceId: 2, version: '1.2.2', olderSnapshots: [], attempts: [] };

  it('is reported when a newer nodeos hashes the state differently (A = S ≠ K)', () => {
    const { conflicts, suspects } = settle(
      [aFinishedJob(2, A, { knownHash: B }), next],
      [observedBy(next, A)],
    );
    expect(conflicts).toEqual([{ ...conflict, actual: A, snapshot: A, known: B }]);
    expect(suspects).toEqual([]);
  });

  it('is reported before the slice is finished', () => {
    const { conflicts } = settle([aJob({}, { knownHash: B }), next], [observedBy(next, A)]);
    expect(conflicts).toEqual([{ ...conflict, actual: null, snapshot: A, known: B }]);
  });

  it('is not a plain mismatch', () => {
    expect(settle([aFinishedJob(2, A), next], [observedBy(next, B)]).conflicts).toEqual([]);
  });
});

describe('a suspect snapshot', () => {
  it('is one that both the slice before it and the manifest contradict (A = K ≠ S)', () => {
    const { conflicts, suspects } = settle(
      [aFinishedJob(2, A, { knownHash: A }), next],
      [observedBy(next, B)],
    );
    expect(conflicts).toHaveLength(1);
    expect(suspects).toEqual([
      {
        block: 200,
        snapshotPath: 's3://bucket/snapshots/200.bin.zst',
        endingSliceId: 2,
        startingSliceId: 3,
        reason: `slice 2 arrived at ${A}, which the manifest knew too, but loading the snapshot gave ${B}`,
      },
    ]);
  });

  it('is one at which both neighbours disagree', () => {
    const starting = aFinishedJob(3, C, { knownHash: B });
    const { jobs, suspects } = settle([aFinishedJob(2, A), starting], [observedBy(starting, B)]);
    expect(jobs.map(({ verdict }) => verdict)).toEqual(['MISMATCH', 'MISMATCH']);
    expect(suspects).toMatchObject([
      {
        block: 200,
        endingSliceId: 2,
        startingSliceId: 3,
        reason: `slice 2 arrived at ${A}, but loading the snapshot gave ${B}, and slice 3, which starts from it, ends in a mismatch too`,
      },
    ]);
  });

  it('is not suspected for one mismatch alone', () => {
    const starting = aFinishedJob(3, C, { knownHash: C });
    expect(settle([aFinishedJob(2, A), starting], [observedBy(starting, B)]).suspects).toEqual([]);
  });

  it('is not suspected when the manifest confirms it', () => {
    const starting = aFinishedJob(3, C, { knownHash: hash('d') });
    expect(
      settle([aFinishedJob(2, A, { knownHash: B }), starting], [observedBy(starting, B)]).suspects,
    ).toEqual([]);
  });

  it('is that of the job which loaded it, even when a slice of another range starts there too', () => {
    const long = aJob(
      { jobId: 900 },
      { sliceId: 9, startBlock: 200, endBlock: 900, snapshotPath: '/other.bin' },
    );
    const jobs = [aFinishedJob(2, A, { knownHash: A }), next, long];
    expect(settle(jobs, [observedBy(long, B)]).suspects).toMatchObject([
      { snapshotPath: '/other.bin', startingSliceId: 9 },
    ]);
    expect(settle(jobs, [observedBy(long, B, { jobId: null })]).suspects).toMatchObject([
      { startingSliceId: 3 },
    ]);
  });

  it('is named once, whatever number of versions stumble over it', () => {
    const other = { version: '1.2.3' };
    const [first, second] = [
      aFinishedJob(2, A, { knownHash: A }),
      aFinishedJob(7, A, { knownHash: A, startBlock: 100, ...other }),
    ];
    const nextOther = aJob({}, { ...other, sliceId: 8, startBlock: 200 });
    const observations = [observedBy(next, B), observedBy(nextOther, C)];
    expect(settle([second, first, next, nextOther], observations).suspects).toMatchObject([
      { block: 200, endingSliceId: 2 },
    ]);
  });
});

describe('versionKey', () => {
  it.each([
    [{}, 'spring 1.2.2'],
    [{ version: 'v1.2.2' }, 'spring 1.2.2'],
    [{ nodeosVersion: 'v1.2.2' }, 'spring 1.2.2'],
    [{ nodeosVersion: 'v1.3.0-rc1' }, 'spring 1.2.2 as 1.3.0-rc1'],
    [{ nodeosVersion: 'https://host/own.deb' }, 'spring 1.2.2 as https://host/own.deb'],
    [{ versionField: 'leap_version', version: '1.2.2' } as const, 'leap 1.2.2'],
  ])('%o is %s', (changes, key) => {
    expect(versionKey(aSlice(changes))).toBe(key);
  });
});
