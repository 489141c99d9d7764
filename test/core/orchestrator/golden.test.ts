import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { FULL, JSON_ONLY, claim, entry, hashOf, serve, type Entry, type Running } from './harness.ts';

/** The manifest of PROTOCOL section 3's example, a Spring slice, and one whose manifest said nothing of its hash. */
const MANIFEST: Entry[] = [
  entry(323611371, 323784127, {
    snapshot_path: 's3://chain-snapshots/mainnet/snapshot-2023-08-02-03-eos-v6-0323611371.bin.zst',
    expected_integrity_hash: `07${'a'.repeat(62)}`,
  }),
  entry(323784127, 323961571, {
    leap_version: undefined,
    spring_version: 'v1.2.2',
    storage_type: 'fs',
    snapshot_path: '/data/snapshot-0323784127-é.bin',
  }),
  entry(323961571, 324302525, { expected_integrity_hash: undefined }),
];

const golden = (name: string): Promise<string> =>
  readFile(join(import.meta.dirname, '../../fixtures/golden', name), 'utf8');

describe('the bytes on the wire', () => {
  let server: Running;
  beforeEach(async () => {
    server = await serve(MANIFEST);
  });

  const cases: [file: string, path: string, headers: Record<string, string>, type: string][] = [
    ['job.json', '/job?jobid=1', JSON_ONLY, 'application/json'],
    ['job.txt', '/job?jobid=1', {}, 'text/plain; charset=utf-8'],
    ['job-spring.json', '/job?jobid=2', JSON_ONLY, 'application/json'],
    ['job-spring.txt', '/job?jobid=2', { Accept: 'text/plain' }, 'text/plain; charset=utf-8'],
    ['job-full.json', '/job?jobid=1', FULL, 'application/vnd.replay.job+json'],
    ['status.json', '/status', JSON_ONLY, 'application/json'],
    ['status-one.json', '/status?sliceid=3', JSON_ONLY, 'application/json'],
    ['status.txt', '/status', {}, 'text/plain; charset=utf-8'],
    ['config.json', '/config?sliceid=1', {}, 'application/json'],
    ['config-spring.json', '/config?sliceid=2', JSON_ONLY, 'application/json'],
    ['summary.json', '/summary', JSON_ONLY, 'application/json'],
    ['summary.txt', '/summary', {}, 'text/plain; charset=utf-8'],
  ];

  test.each(cases)('%s', async (file, path, headers, type) => {
    const answer = await server.get(path, headers);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
    expect(answer.text).toBe(await golden(file));
  });

  test('a claimed job and its summary', async () => {
    const { jobId, etag } = await claim(server, 'host-1');
    server.clock.now = new Date('2026-11-22T11:00:00Z');
    const progress = {
      status: 'WORKING',
      last_block_processed: 323700000,
      blocks_per_second: 12.5,
      nodeos_version: 'v5.0.2',
      instance_id: 'i-0123456789',
      stage_times: { install: 1000, fetch: 60000, load: 30000 },
    };
    const headers = { 'X-Replay-Worker': 'host-1', 'If-Match': etag };
    const updated = await server.post(`/job?jobid=${jobId}`, progress, headers);
    expect(updated.text).toBe('{"status": "updated"}');
    expect((await server.get('/job?jobid=1', FULL)).text).toBe(await golden('job-working-full.json'));
    expect((await server.get('/summary', JSON_ONLY)).text).toBe(await golden('summary-working.json'));
  });

  test('a failed job in the summary', async () => {
    const { jobId, etag } = await claim(server, 'host-1');
    const headers = { 'X-Replay-Worker': 'host-1', 'If-Match': etag };
    const body = { status: 'COMPLETE', actual_integrity_hash: hashOf('b') };
    await server.post(`/job?jobid=${jobId}`, body, headers);
    const { text } = await server.get('/summary', JSON_ONLY);
    expect(text).toBe(await golden('summary-failed.json'));
    expect(text).toContain('"failed_jobs": [{"status": "HASH_MISMATCH", "jobid": 1, "configid": 1}]');
  });
});
