/** Whole runs on the files of the real chains: the stand-in gives the hashes that real builds gave. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { copyRealChain, readManifest, realSlices, writeManifest } from './support/chains.ts';
import { reportOf, statusOf } from './support/run.ts';
import { Scene } from './support/scene.ts';

const REHEARSAL =
  'REHEARSAL: these results come from the nodeos stand-in and prove nothing about a real nodeos.';

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/u;

describe('the real Spring chain from files', () => {
  test('three workers on one orchestrator verify all six slices, and the report says so to the digit', async () => {
    const scene = await Scene.create();
    const manifest = await copyRealChain('spring', scene.path('chain'));
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const { url } = await scene.serve(manifest);

    const workers = ['alpha', 'beta', 'gamma'].map((name) => scene.work(name, url, ['--nodeos', nodeos]));
    const ends = await Promise.all(workers.map(({ finished }) => finished));

    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    const { jobs } = await statusOf(url);
    const expected = realSlices('spring').map((slice, index) => ({
      job_id: index + 1,
      status: 'COMPLETE',
      verdict: 'VERIFIED',
      last_block_processed: slice.end_block_id,
      actual_integrity_hash: slice.expected_integrity_hash,
      expected_integrity_hash: slice.expected_integrity_hash,
      attempt: 1,
      nodeos_version: 'v1.2.2-stand-in',
      error_cause: null,
    }));
    expect(jobs).toMatchObject(expected);
    // All three took part: the jobs were there before the first of them asked.
    expect(new Set(jobs.map(({ worker_id }) => worker_id))).toEqual(new Set(['alpha', 'beta', 'gamma']));

    const report = await reportOf(url);
    expect(report.code).toBe(0);
    // What follows are the times, which are not the same twice.
    const [figures, times] = report.text.split(/(?=^Began )/mu);
    expect(figures).toBe(`Run 1: PASSED. All 6 jobs complete and verified.
${REHEARSAL}

Blocks processed  6,001 of 6,001 (100.0 %)
Jobs succeeded    6
Jobs failed       0
Jobs remaining    0
Verdicts          6 verified, 0 mismatched, 0 pending, 0 not verifiable
nodeos            v1.2.2-stand-in
`);
    expect(times).toMatch(/^ {2}whole slice +6 /mu);
    expect(report.json).toEqual({
      run_id: 1,
      outcome: 'passed',
      cost: null,
      damage: [],
      stand_in: true,
      nodeos_versions: ['v1.2.2-stand-in'],
      blocks_processed: 6001,
      total_blocks: 6001,
      percent_processed: 100,
      total_jobs: 6,
      jobs_succeeded: 6,
      jobs_failed: 0,
      jobs_remaining: 0,
      verdicts: { PENDING: 0, VERIFIED: 6, MISMATCH: 0, UNVERIFIABLE: 0 },
      failed_jobs: [],
      unverifiable_slices: [],
      pending_slices: [],
      suspect_snapshots: [],
      hash_conflicts: [],
      began_at: expect.stringMatching(UTC),
      ended_at: expect.stringMatching(UTC),
      versions: [{ nodeos_version: 'v1.2.2-stand-in', finished_slices: 6 }],
      timing: {
        slices: expect.objectContaining({ count: 6 }),
        per_million_blocks: expect.objectContaining({ count: 6 }),
        stages: expect.objectContaining({ replay: expect.objectContaining({ count: 6 }) }),
        slowest_slices: expect.any(Array),
      },
      slices: realSlices('spring').map((slice, index) =>
        expect.objectContaining({
          job_id: index + 1,
          start_block: slice.start_block_id,
          end_block: slice.end_block_id,
          verdict: 'VERIFIED',
          actual_integrity_hash: slice.expected_integrity_hash,
        }),
      ),
      known_exceptions: [],
    });
    expect(await readFile(manifest, 'utf8')).toBe(`${JSON.stringify(realSlices('spring'), null, 4)}\n`);
  });

  test('hashes that the manifest does not know are learned from the snapshots and written back', async () => {
    const scene = await Scene.create();
    const manifest = await copyRealChain('spring', scene.path('chain'));
    const text = await readFile(manifest, 'utf8');
    const emptied = text.replaceAll(/"expected_integrity_hash": "\w+"/gu, '"expected_integrity_hash": ""');
    // Something that a formatter would change, to see that nothing but the hashes is touched.
    const handwritten = emptied.replace('"end_block_id": 1006,', '"end_block_id":   1006 ,');
    await scene.write(manifest, handwritten);
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const first = await scene.serve(manifest);

    await scene.work('alpha', first.url, ['--nodeos', nodeos]).finished;

    const { jobs } = await statusOf(first.url);
    const slices = realSlices('spring');
    const last = slices.length - 1;
    expect(jobs.map(({ verdict }) => verdict)).toEqual(
      slices.map((_, index) => (index === last ? 'UNVERIFIABLE' : 'VERIFIED')),
    );
    expect(jobs.map((job) => job.actual_integrity_hash)).toEqual(
      slices.map((slice) => slice.expected_integrity_hash),
    );
    const report = await reportOf(first.url);
    expect(report.code).toBe(0);
    expect(report.text).toContain(
      'Run 1: COMPLETE, NOT ALL VERIFIED. 5 of 6 jobs verified; 1 could not be compared with anything.',
    );

    const learned = slices
      .slice(0, last)
      .reduce(
        (so_far, slice) =>
          so_far.replace(
            '"expected_integrity_hash": ""',
            `"expected_integrity_hash": "${slice.expected_integrity_hash}"`,
          ),
        handwritten,
      );
    // On a slow disk what was learned last is written a little later, and at the end at the latest.
    first.running.kill('SIGTERM');
    expect((await first.running.finished).code).toBe(0);
    expect(await readFile(manifest, 'utf8')).toBe(learned);
    const second = await scene.serve(manifest);
    expect((await statusOf(second.url)).summary.run_id).toBe(1);
    expect((await statusOf(second.url)).jobs).toEqual(jobs);
  });

  test('a manifest is left alone with --no-update-config', async () => {
    const scene = await Scene.create();
    const manifest = await copyRealChain('spring', scene.path('chain'));
    const slices = realSlices('spring')
      .slice(0, 2)
      .map((slice) => ({ ...slice, expected_integrity_hash: '' }));
    await writeManifest(manifest, slices);
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const { url } = await scene.serve(manifest, ['--no-update-config']);

    await scene.work('alpha', url, ['--nodeos', nodeos]).finished;

    const { jobs } = await statusOf(url);
    expect(jobs.map(({ verdict }) => verdict)).toEqual(['VERIFIED', 'UNVERIFIABLE']);
    expect(await readManifest(manifest)).toEqual(slices);
  });

  test('with --order longest-first the longest slice goes first', async () => {
    const scene = await Scene.create();
    const manifest = await copyRealChain('spring', scene.path('chain'));
    await writeManifest(manifest, realSlices('spring').slice(1));
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const { url } = await scene.serve(manifest, ['--order', 'longest-first']);

    const { code } = await scene.work('alpha', url, ['--nodeos', nodeos, '--once'], { stay: true }).finished;

    expect(code).toBe(0);
    const { jobs } = await statusOf(url);
    // 1,005 blocks; the others have 993 to 1,002.
    expect(jobs.filter(({ status }) => status === 'COMPLETE').map(({ job_id }) => job_id)).toEqual([4]);
  });
});

describe('the real Leap chain from files', () => {
  test.each(['auto', 'restart', 'on-stop'])('is verified with --final-hash %s', async (finalHash) => {
    const scene = await Scene.create();
    const manifest = await copyRealChain('leap', scene.path('chain'));
    const nodeos = await scene.standIn({ version: '5.0.3' });
    const { url } = await scene.serve(manifest);

    const args = ['--nodeos', nodeos, '--final-hash', finalHash];
    const workers = ['alpha', 'beta'].map((name) => scene.work(name, url, args));
    const ends = await Promise.all(workers.map(({ finished }) => finished));

    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    const { jobs } = await statusOf(url);
    expect(jobs).toMatchObject(
      realSlices('leap').map((slice) => ({
        status: 'COMPLETE',
        verdict: 'VERIFIED',
        actual_integrity_hash: slice.expected_integrity_hash,
        nodeos_version: 'v5.0.3-stand-in',
      })),
    );
    const report = await reportOf(url);
    expect(report.code).toBe(0);
    expect(report.text).toContain('Blocks processed  4,500 of 4,500 (100.0 %)');
  });
});
