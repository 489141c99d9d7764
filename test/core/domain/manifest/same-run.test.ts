import { describe, expect, it } from 'vitest';
import { isSameRun } from '../../../../src/core/domain/manifest/same-run.ts';
import type { Slice } from '../../../../src/core/domain/slice.ts';
import { aSlice, hash } from '../builders.ts';

const known = aSlice({ sliceId: 1, knownHash: hash('a') });
const unknown = aSlice({ sliceId: 2, knownHash: '' });
const stored = [
  { slice: known, expectedHash: hash('a') },
  { slice: unknown, expectedHash: hash('b') },
];

describe('isSameRun', () => {
  it('takes the manifest as it was', () => {
    expect(isSameRun([known, unknown], stored)).toBe(true);
  });

  it('takes the manifest with the learned hashes written back', () => {
    expect(isSameRun([known, { ...unknown, knownHash: hash('b') }], stored)).toBe(true);
  });

  it('takes a manifest to which an earlier learned hash was written', () => {
    const learned = stored.map((job) => ({ ...job, learnedHashes: [hash('c')] }));
    expect(isSameRun([known, { ...unknown, knownHash: hash('c') }], learned)).toBe(true);
    expect(isSameRun([known, { ...unknown, knownHash: hash('c') }], stored)).toBe(false);
  });

  it('takes "" and no hash at all as one', () => {
    expect(isSameRun([known, { ...unknown, knownHash: null }], stored)).toBe(true);
  });

  it('does not mind the order in which jobs and fields are stored', () => {
    const turned = stored.toReversed().map((job) => ({
      ...job,
      slice: Object.fromEntries(Object.entries(job.slice).toReversed()) as unknown as Slice,
    }));
    expect(isSameRun([known, unknown], turned)).toBe(true);
  });

  it.each<[string, Slice[]]>([
    ['another hash', [known, { ...unknown, knownHash: hash('d') }]],
    ['a hash that was taken away', [{ ...known, knownHash: '' }, unknown]],
    ['one slice less', [known]],
    ['one slice more', [known, unknown, aSlice({ sliceId: 3 })]],
    [
      'another order',
      [
        { ...unknown, sliceId: 1 },
        { ...known, sliceId: 2 },
      ],
    ],
    ['another end', [known, { ...unknown, endBlock: 201 }]],
    ['another snapshot', [known, { ...unknown, snapshotPath: 's3://bucket/other.bin' }]],
    ['another version', [known, { ...unknown, version: '1.2.3' }]],
    ['the other version field', [known, { ...unknown, versionField: 'leap_version' }]],
    ['another build', [known, { ...unknown, nodeosVersion: '1.3.0' }]],
    ['another option', [known, { ...unknown, nodeosOptions: ['--x'] }]],
    ['another spelling of the storage type', [known, { ...unknown, storageTypeAsWritten: 'fs' }]],
    ['other blocks', [known, { ...unknown, blocksPath: '/blocks' }]],
    ['another genesis', [known, { ...unknown, genesisPath: '/genesis.json' }]],
    ['another checksum', [known, { ...unknown, snapshotSha256: hash('e') }]],
  ])('begins a new run for %s', (_what, slices) => {
    expect(isSameRun(slices, stored)).toBe(false);
  });
});
