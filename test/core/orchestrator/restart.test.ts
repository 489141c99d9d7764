import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ExitCode } from '../../../src/core/domain/exit-codes.ts';
import { FULL, JSON_ONLY, chain, claim, complete, entry, hashOf, serve, serveIn } from './harness.ts';

const HASH = hashOf('a');

describe('a restart', () => {
  test('goes on with the same jobs, ETags, holders and verdicts', async () => {
    const server = await serve(chain(4));
    await complete(server, 'a', HASH);
    await server.post('/config', { end_block_num: 1100, integrity_hash: HASH });
    await complete(server, 'b', hashOf('b'));
    const { jobId, etag } = await claim(server, 'c');
    const paths = [1, 2, 3, 4].map((id) => `/job?jobid=${id}`);
    const before = await Promise.all(paths.map((path) => server.get(path, FULL)));

    const restarted = await server.restart();
    const after = await Promise.all(paths.map((path) => restarted.get(path, FULL)));
    expect(after.map(({ text, etag: tag }) => [text, tag])).toEqual(
      before.map(({ text, etag: tag }) => [text, tag]),
    );
    const next = await restarted.post(`/job?jobid=${jobId}`, { status: 'WORKING' }, { 'If-Match': etag });
    expect(next.status).toBe(200);
  });

  test('with hashes that were learned and written back is the same run', async () => {
    const server = await serve(chain(3));
    await server.post('/config', { end_block_num: 1100, integrity_hash: HASH });
    await server.post('/config', { end_block_num: 1200, integrity_hash: hashOf('b') });
    expect(await server.manifest()).toContain(HASH);
    const restarted = await server.restart();
    expect((await restarted.get('/summary', JSON_ONLY)).json()).toMatchObject({ run_id: 1 });
    expect((await restarted.get('/job?jobid=1', FULL)).json()).toMatchObject({
      expected_integrity_hash: HASH,
      known_integrity_hash: '',
    });
  });

  test('with another manifest begins a new run, keeps the old one, and goes on counting jobs', async () => {
    const server = await serve(chain(3));
    await complete(server, 'a', HASH);
    const oldRun = join(server.dataDir, 'runs/0001');
    await server.close();
    const jobsBefore = await readFile(join(oldRun, 'jobs.db'), 'utf8');
    await writeFile(server.manifestPath, JSON.stringify([entry(5000, 6000), entry(6000, 7000)]));

    const second = await serveIn(server.folder);
    expect((await second.get('/summary', JSON_ONLY)).json()).toMatchObject({
      run_id: 2,
      total_jobs: 2,
      total_blocks: 2000,
    });
    expect((await second.get('/status', JSON_ONLY)).json()).toMatchObject([
      { job_id: 4, replay_slice_id: 1, status: 'WAITING_4_WORKER' },
      { job_id: 5, replay_slice_id: 2, status: 'WAITING_4_WORKER' },
    ]);
    expect((await second.get('/job?jobid=1')).status).toBe(404);
    expect(JSON.parse(await readFile(join(oldRun, 'manifest.json'), 'utf8'))).toHaveLength(3);
    const lines = (text: string): string[] => text.split('\n').toSorted();
    const compacted = new Set(lines(await readFile(join(oldRun, 'jobs.db'), 'utf8')));
    expect(lines(jobsBefore).filter((line) => compacted.has(line)).length).toBeGreaterThanOrEqual(3);
    expect(await readdir(join(server.dataDir, 'runs'))).toEqual(['0001', '0002']);
  });

  test('removes a run that had only half begun', async () => {
    const server = await serve(chain(2));
    await server.close();
    const half = join(server.dataDir, 'runs/0001/run.json');
    await rm(half);
    const again = await serveIn(server.folder);
    expect((await again.get('/status', JSON_ONLY)).json()).toMatchObject([{ job_id: 1 }, { job_id: 2 }]);
  });
});

describe('the data directory', () => {
  test('is held by one orchestrator', async () => {
    const server = await serve(chain(1));
    await expect(serveIn(server.folder)).rejects.toMatchObject({
      name: 'UserError',
      code: 'DATA_DIR_HELD',
      exitCode: ExitCode.cannotStart,
      message: expect.stringContaining(`process ${process.pid}`) as string,
    });
    expect((await server.get('/healthcheck')).status).toBe(200);
  });

  test('is free again after the end, and after a start that failed', async () => {
    const server = await serve(chain(1));
    await server.close();
    await expect(serveIn(server.folder, { host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'CANNOT_LISTEN',
    });
    expect((await (await serveIn(server.folder)).get('/healthcheck')).status).toBe(200);
  });

  test('that is a file is refused', async () => {
    const server = await serve(chain(1));
    await expect(serveIn(server.folder, { dataDir: server.manifestPath })).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
      exitCode: ExitCode.cannotStart,
    });
  });

  test('with a damaged run.json is refused, and nothing is thrown away', async () => {
    const server = await serve(chain(1));
    await server.close();
    const file = join(server.dataDir, 'runs/0001/run.json');
    await writeFile(file, '{}');
    await expect(serveIn(server.folder)).rejects.toMatchObject({
      code: 'DATA_DIR_DAMAGED',
      exitCode: ExitCode.cannotStart,
    });
    expect(await readFile(file, 'utf8')).toBe('{}');
  });
});

describe('a manifest that cannot be used', () => {
  test('all its mistakes are shown, and nothing is started', async () => {
    await expect(
      serve([entry(1000, 900), entry(1000, 1100, { storage_type: 'tape' })]),
    ).rejects.toMatchObject({
      name: 'UserError',
      code: 'MANIFEST_INVALID',
      exitCode: ExitCode.invalidInput,
      message: expect.stringMatching(/slice 1.*\n.*slice 2/s) as string,
    });
  });

  test('a file that is not there', async () => {
    const server = await serve(chain(1));
    await expect(
      serveIn(server.folder, { manifestPath: join(server.folder, 'none.json') }),
    ).rejects.toMatchObject({
      code: 'MANIFEST_UNREADABLE',
      exitCode: ExitCode.invalidInput,
    });
  });
});
