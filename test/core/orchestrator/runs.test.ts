/** Past runs over HTTP, beside the one that is at work. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hash } from '../domain/builders.ts';
import { chain, claim, complete, entry, FULL, JSON_ONLY, serve, type Running } from './harness.ts';

interface TwoRuns {
  server: Running;
  /** What the first run was when it was the current one. */
  before: { status: string; summary: string };
}

/** A run of two slices, one of them failed, and after it another one of one slice that is verified. */
async function twoRuns(): Promise<TwoRuns> {
  const first = await serve(chain(2));
  await first.post('/config', { end_block_num: 1100, integrity_hash: hash('a1') });
  await complete(first, 'host-1', hash('a1'));
  const { jobId, etag } = await claim(first, 'host-1');
  const headers = { 'X-Replay-Worker': 'host-1', 'If-Match': etag };
  await first.post(`/job/log?jobid=${jobId}`, 'the last line', headers);
  await first.post(`/job?jobid=${jobId}`, { status: 'ERROR', error_message: 'it broke' }, headers);
  const before = {
    status: (await first.get('/status', FULL)).text,
    // Of a run that is over no host is there any more.
    summary: (await first.get('/summary', JSON_ONLY)).text.replace(
      '"hosts_seen": 1, "hosts_idle": 1',
      '"hosts_seen": 0, "hosts_idle": 0',
    ),
  };
  const manifest = [entry(1000, 1100, { leap_version: '5.0.3', expected_integrity_hash: hash('b2') })];
  await writeFile(first.manifestPath, JSON.stringify(manifest));
  const server = await first.restart();
  await complete(server, 'host-2', hash('b2'));
  return { server, before };
}

describe('GET with run=N', () => {
  test('tells a past run to the byte as it was told when it was the current one', async () => {
    const { server, before } = await twoRuns();
    const status = await server.get('/status?run=1', FULL);
    expect(status.text).toBe(before.status);
    expect(status.headers.get('content-type')).toBe('application/vnd.replay.job+json');
    expect((await server.get('/summary?run=1', JSON_ONLY)).text).toBe(before.summary);
    const one = (await server.get('/status?run=1&sliceid=2', JSON_ONLY)).json();
    expect(one).toMatchObject([{ job_id: 2, status: 'ERROR' }]);
    const jobs = JSON.parse(before.status) as unknown[];
    const job = await server.get('/job?jobid=2&run=1', FULL);
    expect(job.json()).toEqual(jobs[1]);
    expect(job.etag).not.toBe((await server.get('/job?jobid=2')).etag);
  });

  test('tells the current run under its number, and without one', async () => {
    const { server } = await twoRuns();
    for (const path of ['/status', '/summary']) {
      const { text } = await server.get(path, JSON_ONLY);
      expect((await server.get(`${path}?run=2`, JSON_ONLY)).text).toBe(text);
    }
  });

  test('has the logs of a past run', async () => {
    const { server } = await twoRuns();
    const { status, text } = await server.get('/job/log?jobid=2&run=1');
    expect([status, text]).toEqual([200, 'the last line']);
    expect((await server.get('/job/log?jobid=2')).status).toBe(404);
  });

  test.each(['3', '0', '', 'x', '-1', '1e0'])('is 404 for a run %j, which is not there', async (run) => {
    const server = await serve(chain(1));
    for (const path of ['/status', '/summary', '/job', '/job/log']) {
      const { status, text } = await server.get(`${path}?run=${run}&jobid=1`);
      expect([status, text]).toEqual([404, 'Could not find run']);
    }
  });

  test('is 500 for a run that is damaged beyond telling, and the others are told', async () => {
    const { server, before } = await twoRuns();
    const file = join(server.dataDir, 'runs/0001/slices.json');
    const slices = await readFile(file, 'utf8');
    await writeFile(file, '[]');
    const { status, text } = await server.get('/summary?run=1');
    expect([status, text]).toEqual([500, expect.stringContaining('Run 1 is damaged')]);
    expect((await server.get('/runs')).json()).toMatchObject([
      { run_id: 1, total_jobs: null, damage: [expect.stringContaining('slices.json')] },
      { run_id: 2, jobs_succeeded: 1 },
    ]);
    await writeFile(file, slices);
    expect((await server.get('/summary?run=1', JSON_ONLY)).text).toBe(before.summary);
  });
});

describe('GET /runs', () => {
  test('lists all runs, the current one last', async () => {
    const { server } = await twoRuns();
    expect((await server.get('/runs')).json()).toEqual([
      {
        run_id: 1,
        is_current: false,
        created_at: '2026-11-22T10:51:26',
        began_at: '2026-11-22T10:51:26',
        ended_at: '2026-11-22T10:51:26',
        is_running: false,
        total_jobs: 2,
        jobs_succeeded: 1,
        jobs_failed: 1,
        jobs_remaining: 0,
        total_blocks: 200,
        blocks_processed: 100,
        verdicts: { PENDING: 0, VERIFIED: 1, MISMATCH: 0, UNVERIFIABLE: 0 },
        requested_versions: ['5.0.2'],
        nodeos_versions: [],
        stand_in: false,
        damage: [],
      },
      expect.objectContaining({
        run_id: 2,
        is_current: true,
        jobs_succeeded: 1,
        requested_versions: ['5.0.3'],
      }),
    ]);
  });

  test('forgets a run whose folder somebody has removed', async () => {
    const { server } = await twoRuns();
    expect((await server.get('/status?run=1')).status).toBe(200);
    await rm(join(server.dataDir, 'runs/0001'), { recursive: true });
    expect((await server.get('/runs')).json()).toMatchObject([{ run_id: 2 }]);
    expect((await server.get('/status?run=1')).status).toBe(404);
  });

  test('says its errors as JSON to those who accept it', async () => {
    const { server } = await twoRuns();
    await rm(join(server.dataDir, 'runs'), { recursive: true });
    const { status, text } = await server.get('/runs', JSON_ONLY);
    expect([status, text]).toEqual([500, expect.stringMatching(/^\{"error": /u)]);
  });
});
