import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOB_STATUSES } from '../../../src/core/domain/job.ts';
import type { Job } from '../../../src/core/domain/job.ts';
import { settle, versionKey } from '../../../src/core/domain/ledger.ts';
import type { SnapshotObservation } from '../../../src/core/domain/ledger.ts';
import { bareVersion } from '../../../src/core/domain/version.ts';
import { aJob, hash } from './builders.ts';

/** Few hashes, versions and slices, so that they meet often. */
const someHash = fc.constantFrom(hash('a'), hash('b'), hash('c'));
const reported = fc.constantFrom('v1.2.2', '1.2.2', 'v1.2.3', null);
const version = fc.constantFrom('1.2.2', 'v1.2.2', '1.2.3');

const job = fc
  .record({
    sliceId: fc.integer({ min: 1, max: 4 }),
    version,
    knownHash: fc.option(fc.oneof(someHash, fc.constant(''))),
    status: fc.constantFrom(...JOB_STATUSES, 'COMPLETE' as const, 'COMPLETE' as const),
    actualHash: someHash,
    nodeosVersion: reported,
  })
  .map(({ sliceId, version: named, knownHash, status, actualHash, nodeosVersion }) =>
    aJob({ status, actualHash, nodeosVersion }, { sliceId, version: named, knownHash }),
  );
const jobs = fc
  .array(job, { maxLength: 8 })
  .map((list) => list.map((each, index): Job => ({ ...each, jobId: index + 1 })));

const observation = fc.record({
  block: fc.constantFrom(100, 200, 300, 400),
  versionKey: version.map((named) => `spring ${bareVersion(named)}`),
  nodeosVersion: reported,
  hash: someHash,
  jobId: fc.option(fc.integer({ min: 1, max: 8 })),
});
/** Each at a time of its own, so that their order is in the data. */
const observations = fc
  .array(observation, { maxLength: 8 })
  .map((list) => list.map((each, at): SnapshotObservation => ({ ...each, at: `2026-11-22T11:00:0${at}` })));

function apply(before: readonly Job[], seen: readonly SnapshotObservation[]): Job[] {
  const changed = new Map(settle(before, seen).jobs.map((each) => [each.jobId, each]));
  return before.map((each) => changed.get(each.jobId) ?? each);
}

function always(check: (before: Job[], seen: SnapshotObservation[]) => void): void {
  fc.assert(fc.property(jobs, observations, check), { numRuns: 500 });
}

describe('whatever is known', () => {
  it('settling a second time changes nothing, and says the same', () => {
    always((before, seen) => {
      const after = apply(before, seen);
      expect(settle(after, seen)).toEqual({ ...settle(before, seen), jobs: [] });
    });
  });

  it('the order does not matter', () => {
    always((before, seen) => {
      const turned = apply(before.toReversed(), seen.toReversed());
      expect(turned.toReversed()).toEqual(apply(before, seen));
      const forward = settle(before, seen);
      const backward = settle(before.toReversed(), seen.toReversed());
      const plain = (text: { block: number }): string => JSON.stringify(text);
      expect(backward.conflicts.map(plain).toSorted()).toEqual(forward.conflicts.map(plain).toSorted());
    });
  });

  it('VERIFIED needs A = S or A = K, of the same version', () => {
    always((before, seen) => {
      for (const { verdict, actualHash, slice } of apply(before, seen).filter(
        (each) => each.verdict === 'VERIFIED',
      )) {
        const witnesses = seen
          .filter(({ block, versionKey: key }) => block === slice.endBlock && key === versionKey(slice))
          .map((each) => each.hash);
        expect([slice.knownHash, ...witnesses]).toContain(actualHash);
        expect(verdict).toBe('VERIFIED');
      }
    });
  });

  it('a status shows HASH_MISMATCH exactly with the verdict MISMATCH, and only finished slices have a verdict', () => {
    always((before, seen) => {
      for (const { status, verdict } of apply(before, seen)) {
        expect(status === 'HASH_MISMATCH').toBe(verdict === 'MISMATCH');
        expect(verdict !== null).toBe(status === 'COMPLETE' || status === 'HASH_MISMATCH');
      }
    });
  });

  it('a mismatch has a witness against it', () => {
    always((before, seen) => {
      for (const { actualHash, slice } of apply(before, seen).filter(
        (each) => each.status === 'HASH_MISMATCH',
      )) {
        const known = slice.knownHash ? [slice.knownHash] : [];
        const witnesses = seen.filter(({ block }) => block === slice.endBlock).map((each) => each.hash);
        expect([...known, ...witnesses].filter((each) => each !== actualHash)).not.toEqual([]);
      }
    });
  });

  it('each snapshot is suspected once', () => {
    always((before, seen) => {
      const names = settle(before, seen).suspects.map(
        ({ block, snapshotPath }) => `${block} ${snapshotPath}`,
      );
      expect(names).toEqual([...new Set(names)]);
    });
  });
});
