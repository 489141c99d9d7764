import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatProblem, formatProblems } from '../../../../src/core/domain/manifest/format-problem.ts';
import { parseManifest } from '../../../../src/core/domain/manifest/parse.ts';
import type { Slice } from '../../../../src/core/domain/slice.ts';

const SLICE = {
  start_block_id: 100,
  end_block_id: 200,
  snapshot_path: 's3://bucket/snapshots/snapshot.bin.zst',
  storage_type: 's3',
  expected_integrity_hash: '',
  leap_version: '5.0.2',
};
const FS = { ...SLICE, storage_type: 'fs', snapshot_path: 'snapshots/a.bin' };

function slicesOf(text: string): Slice[] {
  const parsed = parseManifest(text);
  if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
  return parsed.slices;
}

function sliceOf(fields: Record<string, unknown>): Slice {
  const [slice] = slicesOf(JSON.stringify([fields]));
  if (slice === undefined) throw new Error('no slice');
  return slice;
}

function warningsOf(...slices: unknown[]): string[] {
  const parsed = parseManifest(JSON.stringify(slices, null, 4));
  return parsed.ok ? parsed.warnings.map(formatProblem) : ['not a manifest'];
}

function fixture(name: string): string {
  return readFileSync(new URL(`../../../fixtures/manifests/${name}`, import.meta.url), 'utf8');
}

describe('real manifests', () => {
  it.each([
    ['eos-mainnet-899-slices.json', 899, 349_798_134],
    ['eos-mainnet-spring-snapshots-v8.json', 29, 399_499_546],
    ['three-slices.json', 3, 324_302_525],
  ])('%s is accepted without a warning', (name, count, lastBlock) => {
    const parsed = parseManifest(fixture(name));
    expect(parsed).toMatchObject({ ok: true, warnings: [] });
    const slices = slicesOf(fixture(name));
    expect(slices).toHaveLength(count);
    expect(slices.at(-1)?.endBlock).toBe(lastBlock);
  });

  it('may begin at block 0 with a snapshot', () => {
    expect(slicesOf(fixture('eos-mainnet-899-slices.json'))[0]).toMatchObject({
      sliceId: 1,
      startBlock: 0,
      endBlock: 15_819,
      snapshotPath: 's3://chicken-dance/mainnet/snapshots/snapshot-2018-06-10-01-eos-v6-0000000000.bin.zst',
      knownHash: '',
    });
  });

  it('may write a v before the version', () => {
    expect(slicesOf(fixture('eos-mainnet-spring-snapshots-v8.json'))[0]).toMatchObject({
      versionField: 'spring_version',
      version: 'v1.0.2',
      knownHash: '33f89f850331fa35cca36ee5c9a9944f23866b4d633f6830fdebe048ff51d54b',
    });
  });
});

describe('a slice', () => {
  it('has every field that the manifest gave it, as written', () => {
    const slice = sliceOf({
      start_block_id: 0,
      end_block_id: 1006,
      snapshot_path: '',
      storage_type: 'fs',
      expected_integrity_hash: 'AB'.repeat(32),
      spring_version: 'v1.3.0-rc1',
      nodeos_version: 'builds/nodeos.deb',
      nodeos_options: ['--chain-threads', '4'],
      blocks_path: 'blocks/',
      genesis_path: 'genesis.json',
      snapshot_sha256: 'CD'.repeat(32),
    });
    expect(slice).toEqual({
      sliceId: 1,
      startBlock: 0,
      endBlock: 1006,
      snapshotPath: '',
      storageTypeAsWritten: 'fs',
      storageType: 'filesystem',
      versionField: 'spring_version',
      version: 'v1.3.0-rc1',
      knownHash: 'ab'.repeat(32),
      nodeosVersion: 'builds/nodeos.deb',
      nodeosOptions: ['--chain-threads', '4'],
      blocksPath: 'blocks/',
      genesisPath: 'genesis.json',
      snapshotSha256: 'cd'.repeat(32),
    });
  });

  it('has null for what is not said', () => {
    const { expected_integrity_hash: _hash, ...fields } = SLICE;
    expect(sliceOf(fields)).toMatchObject({
      knownHash: null,
      nodeosVersion: null,
      nodeosOptions: [],
      blocksPath: null,
      genesisPath: null,
      snapshotSha256: null,
    });
  });

  it('tells a hash that is said to be unknown from one that is not said', () => {
    expect(sliceOf(SLICE).knownHash).toBe('');
    expect(sliceOf({ ...SLICE, expected_integrity_hash: null }).knownHash).toBeNull();
  });

  it('may say nothing with null', () => {
    const nothing = { spring_version: null, nodeos_version: null, nodeos_options: null, blocks_path: null };
    expect(sliceOf({ ...SLICE, ...nothing, genesis_path: null, snapshot_sha256: null })).toEqual(
      sliceOf(SLICE),
    );
  });

  it.each([
    ['s3', 's3', 's3://bucket/a.bin'],
    ['filesystem', 'filesystem', '/data/a.bin.zst'],
    ['fs', 'filesystem', '../a.bin'],
    ['http', 'http', 'https://host:8080/a.bin.zst?sig=1'],
  ])('of storage type %s is of type %s', (written, storageType, path) => {
    expect(sliceOf({ ...SLICE, storage_type: written, snapshot_path: path })).toMatchObject({
      storageTypeAsWritten: written,
      storageType,
      snapshotPath: path,
    });
  });

  it.each(['5.0.3', 'v5.0.3', '5.0.0-rc1', 'v4.0.0-rc.2', '3.1.0'])('takes the version %s', (version) => {
    expect(sliceOf({ ...SLICE, leap_version: version }).version).toBe(version);
  });

  it.each([
    '1.2.2',
    'v1.2.2',
    'https://host/a.deb',
    'https://host/a.deb?x=1',
    's3://bucket/a.deb',
    '/opt/a.deb',
  ])('takes %s for the program that is installed', (nodeosVersion) => {
    expect(sliceOf({ ...SLICE, nodeos_version: nodeosVersion }).nodeosVersion).toBe(nodeosVersion);
  });

  it.each([{ snapshot_path: null }, { snapshot_path: '' }, {}])(
    'from block 0 needs no snapshot: %o',
    (fields) => {
      const { snapshot_path: _path, ...rest } = SLICE;
      expect(sliceOf({ ...rest, ...fields, start_block_id: 0 }).snapshotPath).toBe('');
    },
  );

  it('may reach to the last block there can be', () => {
    expect(sliceOf({ ...SLICE, end_block_id: 4_294_967_295 }).endBlock).toBe(4_294_967_295);
  });
});

describe('a manifest', () => {
  it('may begin with a byte order mark', () => {
    expect(slicesOf(`\uFEFF${JSON.stringify([SLICE])}`)).toHaveLength(1);
  });

  it('counts lines the same behind a byte order mark and with CRLF', () => {
    const text = `\uFEFF${JSON.stringify([{ ...SLICE, storage_type: 'x' }], null, 2).replaceAll('\n', '\r\n')}`;
    const parsed = parseManifest(text);
    expect(parsed.ok ? [] : parsed.problems).toMatchObject([{ line: 6, field: 'storage_type', value: 'x' }]);
  });

  it('need not be in the order of the blocks', () => {
    const later = { ...SLICE, snapshot_path: 's3://bucket/b.bin', start_block_id: 200, end_block_id: 300 };
    expect(
      slicesOf(JSON.stringify([later, SLICE])).map(({ sliceId, startBlock }) => [sliceId, startBlock]),
    ).toEqual([
      [1, 200],
      [2, 100],
    ]);
    expect(warningsOf(later, SLICE)).toEqual([]);
  });

  it('may run one range with several versions', () => {
    const other = { ...SLICE, leap_version: '4.0.6' };
    const { leap_version: _version, ...rest } = SLICE;
    const spring = { ...rest, spring_version: '1.2.2' };
    const build = { ...SLICE, nodeos_version: 'builds/own.deb' };
    expect(warningsOf(SLICE, other, spring, build)).toEqual([]);
  });

  it('is not confused by colons, quotes and braces inside strings', () => {
    const path = 'a:"b\\":{,}[:]\\\\';
    expect(sliceOf({ ...FS, snapshot_path: path }).snapshotPath).toBe(path);
  });

  it('of 100,000 slices is read, and its mistakes are found', () => {
    const slices = Array.from({ length: 100_000 }, (_, index) => ({
      ...FS,
      start_block_id: index * 10,
      end_block_id: index * 10 + 10,
    }));
    expect(
      slicesOf(
        JSON.stringify(slices.map((slice) => ({ ...slice, snapshot_path: `${slice.start_block_id}` }))),
      ),
    ).toHaveLength(100_000);
    const parsed = parseManifest(JSON.stringify(slices.map((slice) => ({ ...slice, start_block_id: 0 }))));
    expect(parsed.ok ? 0 : parsed.problems.length).toBe(99_999);
  });
});

describe('a warning', () => {
  const next = { ...FS, snapshot_path: 'snapshots/b.bin', start_block_id: 200, end_block_id: 300 };

  it('names the blocks of a gap', () => {
    expect(warningsOf(FS, { ...next, start_block_id: 250 })).toEqual([
      'slice 2, line 11, start_block_id: blocks 201 to 250 are in no slice: the slices before this one end at 200',
    ]);
    expect(warningsOf(FS, { ...next, start_block_id: 201 })).toEqual([
      'slice 2, line 11, start_block_id: block 201 is in no slice: the slices before this one end at 200',
    ]);
  });

  it('names a slice from genesis whose genesis file nobody could find', () => {
    const genesis = { ...FS, start_block_id: 0, snapshot_path: '' };
    expect(warningsOf(genesis)).toEqual([
      'slice 1, line 2, genesis_path: missing; the slice starts from genesis, and nothing tells where its genesis file is, so that it will fail',
    ]);
    expect(warningsOf({ ...genesis, genesis_path: 'genesis.json' })).toEqual([]);
    expect(warningsOf({ ...genesis, blocks_path: 'blocks' })).toEqual([]);
    expect(warningsOf({ ...FS, start_block_id: 0 })).toEqual([]);
  });

  it('does not count as a gap what another version replays', () => {
    const between = { ...next, leap_version: '4.0.6' };
    const after = { ...next, snapshot_path: 'snapshots/c.bin', start_block_id: 300, end_block_id: 400 };
    expect(warningsOf(FS, between, after)).toEqual([]);
  });

  it('says when a version belongs to the other product', () => {
    const { leap_version: _version, ...rest } = FS;
    expect(warningsOf({ ...FS, leap_version: '1.2.2' })).toEqual([
      'slice 1, line 8, leap_version: got "1.2.2"; Leap began with 3, so is spring_version meant?',
    ]);
    expect(warningsOf({ ...rest, spring_version: '5.0.2' })).toEqual([
      'slice 1, line 8, spring_version: got "5.0.2"; Spring has come to 2 so far, so is leap_version meant?',
    ]);
  });

  it('says when a snapshot is named after another block', () => {
    expect(warningsOf({ ...FS, snapshot_path: 'snapshot-2023-08-02-16-eos-v6-0000000101.bin.zst' })).toEqual([
      'slice 1, line 5, snapshot_path: got "snapshot-2023-08-02-16-eos-v6-0000000101.bin.zst", named after block 101; the slice starts at 100',
    ]);
  });

  it('says when a snapshot serves two blocks', () => {
    expect(warningsOf(FS, { ...next, snapshot_path: FS.snapshot_path })).toEqual([
      'slice 2, line 13, snapshot_path: the snapshot of slice 1 too, which starts at another block (100)',
    ]);
  });

  it('says when a hash serves two blocks', () => {
    const known = { expected_integrity_hash: 'ab'.repeat(32) };
    expect(warningsOf({ ...FS, ...known }, { ...next, ...known })).toEqual([
      'slice 2, line 15, expected_integrity_hash: the hash of slice 1 too, which ends at another block (200)',
    ]);
  });

  it('says when one version has two hashes at a block', () => {
    const first = { ...FS, expected_integrity_hash: 'ab'.repeat(32) };
    const second = { ...FS, expected_integrity_hash: 'cd'.repeat(32), nodeos_version: 'own.deb' };
    expect(warningsOf(first, second)).toEqual([
      `slice 2, line 15, expected_integrity_hash: slice 1 ends at the same block with the same version and another hash (${'ab'.repeat(32)})`,
    ]);
    expect(warningsOf(first, { ...second, nodeos_version: null, leap_version: '4.0.6' })).toEqual([]);
  });
});

describe('a list of problems', () => {
  it('is cut, and says how many are left out', () => {
    const slices = Array.from({ length: 60 }, () => 0);
    const parsed = parseManifest(JSON.stringify(slices));
    const lines = formatProblems(parsed.ok ? [] : parsed.problems).split('\n');
    expect(lines).toHaveLength(51);
    expect(lines.at(0)).toBe('slice 1, line 1: got 0; expected an object with the fields of a slice');
    expect(lines.at(-1)).toBe('… and 10 more');
  });

  it('shows the beginning of a long value', () => {
    const parsed = parseManifest(JSON.stringify(['x'.repeat(1000)]));
    expect(formatProblems(parsed.ok ? [] : parsed.problems)).toBe(
      `slice 1, line 1: got "${'x'.repeat(79)}…; expected an object with the fields of a slice`,
    );
  });
});
