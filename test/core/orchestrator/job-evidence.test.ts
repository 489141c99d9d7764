import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { expect, test } from 'vitest';
import { EVIDENCE_LIMIT } from '../../../src/core/protocol/attempt-evidence.ts';
import { anEvidence } from '../evidence/support.ts';
import { chain, claim, JSON_ONLY, serve } from './harness.ts';

const worker = { 'X-Replay-Worker': 'a' };
const PATH = '/job/evidence?jobid=1&attempt=1';

async function atWork() {
  const server = await serve(chain(2), { care: { leaseSeconds: 60 } });
  await claim(server, 'a');
  return server;
}

test('keeps what the worker of an attempt tells, the newest of it, over a restart', async () => {
  const server = await atWork();
  const first = anEvidence({ commands: [] });
  expect((await server.post(PATH, JSON.stringify(first), worker)).json()).toEqual({ status: 'stored' });
  expect((await server.get(PATH)).json()).toEqual(first);
  await server.post(PATH, JSON.stringify(anEvidence()), worker);
  const restarted = await server.restart();
  expect((await restarted.get('/job/evidence?jobid=1')).json()).toEqual(anEvidence());
});

test('is kept in the folder of a run that an older version began', async () => {
  const server = await atWork();
  const folder = join(server.dataDir, 'runs/0001/evidence');
  await rm(folder, { recursive: true, force: true });
  await server.post(PATH, JSON.stringify(anEvidence()), worker);
  expect(await readdir(folder)).toEqual(['1-1.json']);
});

test('takes it from the worker of that attempt, and from nobody else', async () => {
  const server = await atWork();
  const body = JSON.stringify(anEvidence());
  const foreign = await server.post(PATH, body, { 'X-Replay-Worker': 'b', ...JSON_ONLY });
  expect(foreign.status).toBe(403);
  expect(foreign.json()).toMatchObject({ error: { code: 'NOT_YOUR_ATTEMPT' } });
  expect((await server.post('/job/evidence?jobid=1&attempt=2', body, worker)).status).toBe(404);
  expect((await server.post('/job/evidence?jobid=99', body, worker)).status).toBe(404);
  expect((await server.post(PATH, 'no json', worker)).status).toBe(400);
  expect((await server.post(PATH, '[]', worker)).status).toBe(400);
  expect((await server.post(PATH, ' '.repeat(EVIDENCE_LIMIT + 1), worker)).status).toBe(413);
  const missing = await server.get(PATH, JSON_ONLY);
  expect(missing.status).toBe(404);
  expect(missing.json()).toMatchObject({ error: { code: 'EVIDENCE_NOT_FOUND' } });
});

test('leaves out what it does not know, and secrets that a worker did not', async () => {
  const server = await atWork();
  const sent = {
    ...anEvidence(),
    more: 1,
    peers: ['Bearer not-for-the-disk', 7],
    commands: [{ purpose: 'other' }],
  };
  await server.post(PATH, JSON.stringify(sent), worker);
  const stored = (await server.get(PATH)).json() as Record<string, unknown>;
  expect(stored).toMatchObject({ peers: ['Bearer [redacted]'], commands: [] });
  expect(stored).not.toHaveProperty('more');
  expect(await readFile(join(server.dataDir, 'runs/0001/evidence/1-1.json'), 'utf8')).not.toContain(
    'not-for-the-disk',
  );
});

test('packs all that there is of a job', async () => {
  const server = await atWork();
  await server.post(PATH, JSON.stringify(anEvidence()), worker);
  await server.post('/job/log?jobid=1&attempt=1', 'a line\n', worker);
  const url = `${server.url}/job/evidence.tar.zst?jobid=1`;
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/zstd');
  expect(response.headers.get('content-disposition')).toBe(
    'attachment; filename="replay-run-1-job-1-attempt-1.tar.zst"',
  );
  const entries = await unpackTar(zstdDecompressSync(Buffer.from(await response.arrayBuffer())));
  const log = entries.find(({ header }) => header.name.endsWith('attempts/1/nodeos.log'));
  expect(Buffer.from(log!.data!).toString()).toBe('a line\n');
  const hashes = entries.find(({ header }) => header.name.endsWith('hashes.json'));
  expect(JSON.parse(Buffer.from(hashes!.data!).toString())).toMatchObject({
    slices_that_start_at_the_end: [{ job_id: 2 }],
  });
  expect((await server.get('/job/evidence.tar.zst?jobid=2')).status).toBe(404);
});

test('of a past run is there for as long as the run is', async () => {
  const server = await atWork();
  await server.post(PATH, JSON.stringify(anEvidence()), worker);
  await writeFile(server.manifestPath, JSON.stringify(chain(1)));
  const next = await server.restart();
  expect((await next.get(PATH)).status).toBe(404);
  expect((await next.get(`${PATH}&run=1`)).json()).toEqual(anEvidence());
  const archive = await next.get('/job/evidence.tar.zst?jobid=1&run=1');
  expect(archive.headers.get('content-disposition')).toContain('replay-run-1-job-1-attempt-1.tar.zst');
});
