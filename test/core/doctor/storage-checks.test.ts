import { describe, expect, it, test } from 'vitest';
import { placeOf, placesOfSlices } from '../../../src/core/doctor/places.ts';
import { runChecks } from '../../../src/core/doctor/run-checks.ts';
import { judgeNeed, needOf } from '../../../src/core/doctor/slice-space.ts';
import { awsCheck, judgeCredentials, storageChecks } from '../../../src/core/doctor/storage-checks.ts';
import { describeLocation } from '../../../src/core/storage/location.ts';
import type { Location } from '../../../src/core/storage/location.ts';
import { SourceError } from '../../../src/core/storage/source-error.ts';
import { fullRecord } from '../protocol/records.ts';

const GIB = 1024 ** 3;
const NOW = Date.UTC(2026, 10, 22, 12);

const JOB = fullRecord({
  start_block_num: 1000,
  end_block_num: 3000,
  snapshot_path: 's3://bucket/eos/snapshots/snapshot-1000.bin.zst',
});

/** Storage that has these files, by their addresses. */
function storageOf(files: Record<string, number>) {
  return {
    head: async (location: Location) => {
      const size = files[describeLocation(location)];
      if (size === undefined) throw new SourceError('not-found', `There is no ${describeLocation(location)}`);
      return { size, etag: null };
    },
    list: async (folder: Location) => {
      const prefix = `${describeLocation(folder).replace(/\/$/u, '')}/`;
      return Object.entries(files)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, size]) => ({ name: name.slice(prefix.length), size }));
    },
  };
}

const WHOLE = storageOf({
  's3://bucket/eos/snapshots/snapshot-1000.bin.zst': 10 * GIB,
  's3://bucket/eos/blocks/blocks-1001-2000.log.zst': GIB,
  's3://bucket/eos/blocks/blocks-2001-3000.log.zst': GIB,
});

it('looks at each place of the slices once', () => {
  const places = placesOfSlices([JOB, fullRecord({ ...JOB, replay_slice_id: 2 })]);
  expect(
    places.map(({ location, kind, slices }) => [describeLocation(location), kind, slices.length]),
  ).toEqual([
    ['s3://bucket/eos/snapshots/snapshot-1000.bin.zst', 'file', 2],
    ['s3://bucket/eos/blocks', 'folder', 2],
  ]);
});

it('finds snapshot and blocks that are there', async () => {
  const results = await runChecks(storageChecks(placesOfSlices([JOB]), WHOLE, 'why'), 60_000);
  expect(results).toMatchObject([
    { id: 'storage', result: 'ok', values: { bytes: 10 * GIB } },
    { id: 'storage', result: 'ok', values: { files: 2, bytes: 2 * GIB } },
  ]);
});

it('fails for a snapshot that is missing, and warns of blocks that are: a peer may have them', async () => {
  const source = storageOf({ 's3://bucket/eos/blocks/blocks-1001-2000.log': 1 });
  const results = await runChecks(storageChecks(placesOfSlices([JOB]), source, 'why'), 60_000);
  expect(results).toMatchObject([
    { result: 'failed', subject: 's3://bucket/eos/snapshots/snapshot-1000.bin.zst' },
    { result: 'warning', finding: expect.stringContaining('do not hold blocks 2001 to 3000') },
  ]);
});

it('never shows the query of an address', async () => {
  const place = placeOf('https://user:secret@files.example/a?X-Amz-Signature=secret');
  const [result] = await runChecks(storageChecks([place], storageOf({}), 'why'), 60_000);
  expect(JSON.stringify(result)).not.toContain('secret');
  expect(result?.subject).toBe('https://files.example/a?…');
});

it('lists a folder that a person names, with a slash at its end or without', async () => {
  const refusing = {
    ...WHOLE,
    head: async (): Promise<never> => {
      throw new SourceError('not-a-file', 'a directory');
    },
  };
  for (const name of ['s3://bucket/eos/blocks', 's3://bucket/eos/blocks/']) {
    const [result] = await runChecks(storageChecks([placeOf(name)], refusing, 'why'), 60_000);
    expect(result).toMatchObject({ result: 'ok', values: { files: 2 } });
  }
});

it('says why no storage was looked at', async () => {
  expect(await runChecks(storageChecks([], WHOLE, 'no location is known'), 60_000)).toMatchObject([
    { id: 'storage', result: 'skipped', finding: 'no location is known' },
  ]);
});

describe('AWS credentials', () => {
  const from = (expiration: Date | null) => ({ source: 'environment variables', expiration });

  test.each([
    { found: null, result: 'failed' },
    { found: from(null), result: 'ok' },
    { found: from(new Date(NOW + 7_200_000)), result: 'ok' },
    { found: from(new Date(NOW + 600_000)), result: 'warning' },
    { found: from(new Date(NOW)), result: 'failed' },
  ])('$found: $result', ({ found, result }) => {
    expect(judgeCredentials(found, NOW).result).toBe(result);
  });

  it('are not looked for while nothing is in S3', async () => {
    const find = async (): Promise<never> => {
      throw new Error('asked');
    };
    expect(await runChecks([awsCheck(false, find, () => NOW)], 60_000)).toMatchObject([
      { result: 'skipped' },
    ]);
  });
});

describe('the room for a slice', () => {
  const { signal } = new AbortController();

  it('is estimated from what is stored', async () => {
    const need = await needOf(JOB, WHOLE, signal);
    expect(need).toEqual({
      sliceId: JOB.replay_slice_id,
      snapshot: 10 * GIB,
      snapshotIsCompressed: true,
      blocks: 2 * GIB,
    });
    expect(judgeNeed([need], 100 * GIB)).toMatchObject({
      result: 'ok',
      values: { stored_bytes: 12 * GIB, estimated_bytes: 66 * GIB },
    });
    expect(judgeNeed([need], 20 * GIB).result).toBe('warning');
    expect(judgeNeed([need], 10 * GIB).result).toBe('failed');
  });

  it('is not judged without sizes', () => {
    const need = { sliceId: 1, snapshot: null, snapshotIsCompressed: false, blocks: 1 };
    expect(judgeNeed([need], GIB).result).toBe('skipped');
  });
});
