import { describe, expect, test } from 'vitest';
import { expectedHashes, verdictSentence } from '../../../../src/core/dashboard/pages/job/expected.ts';
import type { AttemptRecord, FullJobRecord } from '../../../../src/core/protocol/full-record.ts';
import type { HashConflictRecord } from '../../../../src/core/protocol/summary-record.ts';

const [K, S, A] = ['k', 's', 'a'].map((letter) => letter.repeat(64)) as [string, string, string];

/** What of a record decides here. */
function job(more: Partial<FullJobRecord>): FullJobRecord {
  return {
    replay_slice_id: 1,
    spring_version: 'v1.2.2',
    status: 'COMPLETE',
    attempt: 1,
    attempts: [],
    expected_integrity_hash: null,
    known_integrity_hash: null,
    actual_integrity_hash: null,
    verdict: null,
    ...more,
  } as FullJobRecord;
}

const attempt = { number: 1, worker_id: 'beta', outcome: null, stage_times: { load: 9 } } as AttemptRecord;
const loading = job({ replay_slice_id: 2, status: 'LOADING_SNAPSHOT', attempts: [attempt] });
const working = job({ replay_slice_id: 2, status: 'WORKING', attempts: [attempt] });
const conflict = {
  block: 5,
  configid: 1,
  snapshot: S,
  known: K,
  older_snapshots: [],
} as unknown as HashConflictRecord;

describe('where an expected hash comes from', () => {
  test('nobody knows one', () => {
    expect(expectedHashes(job({}), [loading], null)).toEqual([]);
    expect(expectedHashes(job({ expected_integrity_hash: '', known_integrity_hash: '' }), [], null)).toEqual(
      [],
    );
  });

  test('the manifest alone', () => {
    const known = job({ expected_integrity_hash: K, known_integrity_hash: K });
    for (const next of [[], [loading]]) {
      expect(expectedHashes(known, next, null)).toEqual([
        {
          hash: K,
          from: 'The manifest had it before the run. The snapshot at this block has not been loaded yet.',
          isNewest: true,
        },
      ]);
    }
  });

  test('the manifest, and a snapshot that does not contradict it', () => {
    const known = job({ expected_integrity_hash: K, known_integrity_hash: K });
    expect(expectedHashes(known, [working], null)[0]?.from).toBe(
      'The manifest had it before the run, and beta for slice 2 loaded the snapshot at this block, which did not contradict it.',
    );
  });

  test('the snapshot alone', () => {
    const seen = job({ expected_integrity_hash: S, known_integrity_hash: '' });
    expect(expectedHashes(seen, [working], null)).toEqual([
      {
        hash: S,
        from: 'The snapshot at this block gave it, when beta for slice 2 loaded it.',
        isNewest: true,
      },
    ]);
    expect(expectedHashes(seen, [], null)[0]?.from).toContain('when a host loaded it');
  });

  test('a snapshot that contradicts the manifest, and itself earlier', () => {
    const both = job({ expected_integrity_hash: S, known_integrity_hash: K });
    const found = expectedHashes(both, [working], { ...conflict, older_snapshots: [A] });
    expect(found.map(({ hash, isNewest }) => [hash, isNewest])).toEqual([
      [S, true],
      [K, false],
      [A, false],
    ]);
  });

  test('not a slice of another version', () => {
    const known = job({ expected_integrity_hash: K, known_integrity_hash: K });
    const other = { ...working, spring_version: 'v1.0.0' };
    expect(expectedHashes(known, [other], null)[0]?.from).toContain('has not been loaded yet');
  });
});

describe('a verdict in words', () => {
  test.each([
    [{}, 'Nothing is compared'],
    [{ verdict: 'VERIFIED', actual_integrity_hash: S, expected_integrity_hash: S } as const, 'Verified: '],
    [
      {
        verdict: 'VERIFIED',
        actual_integrity_hash: K,
        expected_integrity_hash: S,
        known_integrity_hash: K,
      } as const,
      'Verified by the manifest: the snapshot at the last block gives another hash',
    ],
    [{ verdict: 'MISMATCH' } as const, 'Mismatch: '],
    [{ verdict: 'PENDING' } as const, 'Pending: '],
  ])('%o', (more, text) => expect(verdictSentence(job(more), true)).toContain(text));

  test('says why nothing can be compared', () => {
    expect(verdictSentence(job({ verdict: 'UNVERIFIABLE' }), false)).toContain('no slice starts there');
  });
});
