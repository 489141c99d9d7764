/** What a run says of hashes that do not agree: the verdicts of the protocol, from end to end. */
import { readFile, writeFile } from 'node:fs/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { writeSampleChain } from '../../src/nodeos/stand-in/sample-chain.ts';
import type { SampleChain, SampleChainOptions } from '../../src/nodeos/stand-in/sample-chain.ts';
import type { StandInWrapper } from '../../src/nodeos/stand-in/wrapper.ts';
import { copyRealChain, readManifest, realSlices, writeManifest } from './support/chains.ts';
import { type Report, reportOf, type StatusJson, statusOf } from './support/run.ts';
import { Scene } from './support/scene.ts';

interface Ended extends StatusJson {
  scene: Scene;
  chain: SampleChain;
  report: Report;
}

/** A run of a sample chain of four slices, at 0, 1000, 2000 and 3000, to its end with two workers. */
async function runSample(
  sample: Partial<SampleChainOptions>,
  standIn: Partial<StandInWrapper> = {},
): Promise<Ended> {
  const scene = await Scene.create();
  const shape = { slices: 4, blocksPerSlice: 1000, stride: 1000, version: '1.2.2' };
  const chain = await writeSampleChain({ folder: scene.path('chain'), ...shape, ...sample });
  const { url } = await scene.serve(chain.manifestPath);
  const nodeos = await scene.standIn({ version: '1.2.2', ...standIn });
  const workers = ['alpha', 'beta'].map((name) => scene.work(name, url, ['--nodeos', nodeos]));
  const ends = await Promise.all(workers.map(({ finished }) => finished));
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  return { scene, chain, ...(await statusOf(url)), report: await reportOf(url) };
}

describe('a slice that arrives at another hash', () => {
  test('is a mismatch: report exits with 1 and names both hashes', async () => {
    const { chain, jobs, report } = await runSample({}, { faults: 'wrong-hash@1500' });

    const right = chain.hashAt(2000);
    const wrong = jobs[1]!.actual_integrity_hash!;
    expect(wrong).not.toBe(right);
    expect(jobs.map(({ status, verdict }) => [status, verdict])).toEqual([
      ['COMPLETE', 'VERIFIED'],
      ['HASH_MISMATCH', 'MISMATCH'],
      ['COMPLETE', 'VERIFIED'],
      ['COMPLETE', 'VERIFIED'],
    ]);
    expect(report.code).toBe(1);
    expect(report.text).toContain('Run 1: FAILED. 1 of 4 jobs failed.');
    expect(report.text).toContain(`Failed jobs (1)
  Job Id: 2, Configuration Slice: 2, Status: HASH_MISMATCH
    blocks    1000 to 2000
    cause     hash-mismatch
`);
    expect(report.text).toContain(`    expected  ${right}\n    actual    ${wrong}\n`);
    expect(report.text).toContain('Blocks processed  4,000 of 4,000 (100.0 %)');
    expect(report.json).toMatchObject({
      outcome: 'failed',
      jobs_succeeded: 3,
      jobs_failed: 1,
      jobs_remaining: 0,
      verdicts: { PENDING: 0, VERIFIED: 3, MISMATCH: 1, UNVERIFIABLE: 0 },
      failed_jobs: [
        {
          job_id: 2,
          configuration_slice: 2,
          status: 'HASH_MISMATCH',
          error_cause: 'hash-mismatch',
          expected_integrity_hash: right,
          actual_integrity_hash: wrong,
        },
      ],
      // The snapshot has a witness in the manifest, so nothing is said against it.
      suspect_snapshots: [],
    });
  });

  test('is found with an empty manifest too, by the snapshot of the next slice', async () => {
    const { jobs, report } = await runSample({ knownHashes: false }, { faults: 'wrong-hash@1500' });
    expect(jobs.map(({ verdict }) => verdict)).toEqual(['VERIFIED', 'MISMATCH', 'VERIFIED', 'UNVERIFIABLE']);
    expect(report.code).toBe(1);
    expect(report.json.suspect_snapshots).toEqual([]);
  });
});

describe('a damaged snapshot that nodeos loads without complaint', () => {
  test.each([
    ['the manifest knows the hashes', true, ['VERIFIED', 'VERIFIED', 'MISMATCH', 'VERIFIED']],
    ['the manifest knows none', false, ['VERIFIED', 'MISMATCH', 'MISMATCH', 'UNVERIFIABLE']],
  ])('is named once as the suspect when %s', async (_what, knownHashes, verdicts) => {
    const { scene, jobs, report } = await runSample({ damagedSnapshot: 2000, knownHashes });

    expect(jobs.map(({ verdict }) => verdict)).toEqual(verdicts);
    expect(report.code).toBe(1);
    expect(report.json.suspect_snapshots).toMatchObject([
      { block: 2000, ending_configid: 2, starting_configid: 3 },
    ]);
    const name = 'snapshot-2026-01-01-00-sample-v8-0000002000.bin.zst';
    const path = scene.path('chain/snapshots', name);
    expect(report.text.split(name)).toHaveLength(2);
    expect(report.text).toContain(`Suspect snapshots (1)\n  block 2000: ${path}\n`);
  });

  test('of the real chain: one changed byte makes one suspect', async () => {
    const scene = await Scene.create();
    const manifest = await copyRealChain('spring', scene.path('chain'));
    await writeManifest(manifest, realSlices('spring').slice(1, 4));
    const path = scene.path('chain/snapshots/snapshot-2026-11-22-08-dev-v8-0000002004.bin.zst');
    const bytes = zstdDecompressSync(await readFile(path));
    const at = bytes.length - 20_000;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    await writeFile(path, zstdCompressSync(bytes));
    const { url } = await scene.serve(manifest);
    const nodeos = await scene.standIn({ version: '1.2.2' });

    await scene.work('alpha', url, ['--nodeos', nodeos]).finished;

    const { jobs } = await statusOf(url);
    expect(jobs.map(({ verdict }) => verdict)).toEqual(['VERIFIED', 'MISMATCH', 'VERIFIED']);
    const report = await reportOf(url);
    expect(report.code).toBe(1);
    expect(report.json.suspect_snapshots).toMatchObject([{ block: 2004, snapshot_path: path }]);
  });
});

describe('a manifest that knows another hash than the snapshot gives', () => {
  test('when the slice arrives where the snapshot is: verified, and the conflict is reported', async () => {
    const scene = await Scene.create();
    const shape = { slices: 3, blocksPerSlice: 1000, stride: 1000, version: '1.2.2' };
    const chain = await writeSampleChain({ folder: scene.path('chain'), ...shape });
    const old = '01'.repeat(32);
    const slices = await readManifest(chain.manifestPath);
    slices[0]!.expected_integrity_hash = old;
    await writeManifest(chain.manifestPath, slices);
    const { url } = await scene.serve(chain.manifestPath);
    const nodeos = await scene.standIn({ version: '1.2.2' });

    await scene.work('alpha', url, ['--nodeos', nodeos]).finished;

    const { jobs } = await statusOf(url);
    const right = chain.hashAt(1000);
    expect(jobs[0]).toMatchObject({
      status: 'COMPLETE',
      verdict: 'VERIFIED',
      actual_integrity_hash: right,
      expected_integrity_hash: right,
      known_integrity_hash: old,
    });
    const report = await reportOf(url);
    expect(report.code).toBe(0);
    expect(report.json.hash_conflicts).toMatchObject([
      { block: 1000, configid: 1, actual: right, snapshot: right, known: old },
    ]);
    expect(report.text).toContain(`Hash conflicts (1)
  block 1000, slice 1, 1.2.2
    replayed to    ${right}
    snapshot gave  ${right}
    manifest knew  ${old}
`);
    // The next run of this manifest starts with the hash that was learned.
    expect((await readManifest(chain.manifestPath))[0]!.expected_integrity_hash).toBe(right);
  });

  test('when nothing confirms the slice: a mismatch of the last slice is one', async () => {
    const scene = await Scene.create();
    const shape = { slices: 2, blocksPerSlice: 1000, stride: 1000, version: '1.2.2' };
    const chain = await writeSampleChain({ folder: scene.path('chain'), ...shape });
    const slices = await readManifest(chain.manifestPath);
    slices[1]!.expected_integrity_hash = 'ff'.repeat(32);
    await writeManifest(chain.manifestPath, slices);
    const { url } = await scene.serve(chain.manifestPath);
    const nodeos = await scene.standIn({ version: '1.2.2' });

    await scene.work('alpha', url, ['--nodeos', nodeos]).finished;

    const report = await reportOf(url);
    expect(report.code).toBe(1);
    expect(report.json.failed_jobs).toMatchObject([
      {
        job_id: 2,
        status: 'HASH_MISMATCH',
        expected_integrity_hash: 'ff'.repeat(32),
        actual_integrity_hash: chain.hashAt(2000),
      },
    ]);
  });
});
