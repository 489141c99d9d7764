/** Another run, begun over HTTP in the place of the current one. */
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bearer, guarded, SERVE_TOKEN } from './access/scene.ts';
import { readStream } from './event-reader.ts';
import { chain, claim, complete, entry, FULL, hashOf, JSON_ONLY, serve, type Running } from './harness.ts';

const HOST = { 'X-Replay-Worker': 'host-1' };
const NEXT = [entry(5000, 5100), entry(5100, 5200)];
const textOf = (entries: object[]): string => JSON.stringify(entries, null, 4);

function begin(server: Running, more: object = {}, headers: Record<string, string> = {}) {
  const body = { manifest: textOf(NEXT), current_run_id: 1, ...more };
  return server.post('/run', body, { ...JSON_ONLY, ...headers });
}

async function runId(server: Running): Promise<unknown> {
  return ((await server.get('/summary', JSON_ONLY)).json() as { run_id: unknown }).run_id;
}

const runFile = (server: Running, run: number, name: string): Promise<string> =>
  readFile(join(server.dataDir, `runs/000${run}`, name), 'utf8');

describe('POST /run', () => {
  test('begins a run: other jobs under new numbers, and the one before is kept', async () => {
    const server = await serve(chain(2));
    await complete(server, 'host-1', hashOf('a'));
    const before = (await server.get('/status', FULL)).text;
    expect((await begin(server)).json()).toEqual({
      run_id: 2,
      total_jobs: 2,
      total_blocks: 200,
      jobs_taken: 0,
    });
    const jobs = (await server.get('/status', JSON_ONLY)).json() as { job_id: number }[];
    expect(jobs.map(({ job_id }) => job_id)).toEqual([3, 4]);
    expect((await server.get('/status?run=1', FULL)).text).toBe(before);
    expect((await server.get('/runs')).json()).toMatchObject([
      { run_id: 1, is_current: false, jobs_remaining: 2 },
      { run_id: 2, is_current: true },
    ]);
    expect(await claim(server, 'host-1')).toMatchObject({ jobId: 3 });
    expect(server.log).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'a new run was begun over HTTP' }),
    );
  });

  test('is refused while hosts hold jobs, and nothing changes', async () => {
    const server = await serve(chain(2));
    const { etag } = await claim(server, 'host-1');
    const refused = await begin(server);
    expect([refused.status, refused.json()]).toMatchObject([409, { error: { code: 'JOBS_HELD' } }]);
    const working = await server.post('/job?jobid=1', { status: 'WORKING' }, { ...HOST, 'If-Match': etag });
    expect(working.status).toBe(200);
    expect(await runId(server)).toBe(1);
    expect(await readdir(join(server.dataDir, 'runs'))).toEqual(['0001']);
  });

  test('with force takes the jobs: their holders hear that there are no such jobs, and get those of the new run', async () => {
    const server = await serve(chain(2));
    const { etag } = await claim(server, 'host-1');
    await server.post('/job/log?jobid=1&attempt=1&from=0', 'a line\n', HOST);
    expect((await begin(server, { force: true })).json()).toMatchObject({ run_id: 2, jobs_taken: 1 });
    const late = await server.post('/job?jobid=1', { status: 'WORKING' }, { ...HOST, 'If-Match': etag });
    expect([late.status, late.text]).toEqual([404, 'Could not find job']);
    expect(await claim(server, 'host-1')).toMatchObject({ jobId: 3 });
    // Of the old run nothing is lost: not the attempt, and not what its host had printed.
    const [job] = (await server.get('/status?run=1&sliceid=1', FULL)).json() as object[];
    expect(job).toMatchObject({ status: 'STARTED', worker_id: 'host-1' });
    expect((await server.get('/job/log?jobid=1&run=1')).text).toBe('a line\n');
  });

  test('sent again because its answer was lost begins no other run', async () => {
    const server = await serve(chain(1));
    await claim(server, 'host-1');
    const first = await begin(server, { force: true });
    await claim(server, 'host-1');
    for (const again of [
      await begin(server, { force: true }),
      await begin(await server.restart(), { force: true }),
    ]) {
      expect([again.status, again.text]).toEqual([200, first.text]);
    }
    expect(await readdir(join(server.dataDir, 'runs'))).toEqual(['0001', '0002']);
  });

  test('is refused to somebody who took another run for the current one', async () => {
    const server = await serve(chain(1));
    await begin(server);
    const other = { manifest: textOf(chain(3)) };
    const late = await begin(server, other);
    expect([late.status, late.json()]).toMatchObject([409, { error: { code: 'RUN_CHANGED' } }]);
    expect((await begin(server, { ...other, current_run_id: 2 })).json()).toMatchObject({ run_id: 3 });
  });

  test('of two at the same time only one is carried out, unless they are the same', async () => {
    const server = await serve(chain(1));
    const [one, two] = await Promise.all([begin(server), begin(server, { manifest: textOf(chain(3)) })]);
    expect([one.status, two.status].toSorted((a, b) => a - b)).toEqual([200, 409]);
    const same = { current_run_id: 2, manifest: textOf(chain(4)) };
    const both = await Promise.all([begin(server, same), begin(server, same)]);
    expect(both.map(({ status, text }) => [status, text])).toEqual([
      [200, both[0].text],
      [200, both[0].text],
    ]);
    expect(await runId(server)).toBe(3);
  });

  test('of claims at the same time none is lost without force: it is in the new run, or there is no new run', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const server = await serve(chain(8));
      const workers = Array.from({ length: 8 }, (_, index) => `host-${index}`);
      const offers = await Promise.all(
        workers.map(async (worker) => {
          const headers = { 'X-Replay-Worker': worker };
          const offer = await server.get('/job?nextjob', { ...JSON_ONLY, ...headers });
          const { job_id: jobId } = offer.json() as { job_id: number };
          return { jobId, headers: { ...headers, 'If-Match': offer.etag } };
        }),
      );
      const [begun, ...claims] = await Promise.all([
        begin(server),
        ...offers.map(({ jobId, headers }) =>
          server.post(`/job?jobid=${jobId}`, { status: 'STARTED' }, headers),
        ),
      ]);
      const accepted = claims.filter(({ status }) => status === 200).length;
      expect(begun.status).toBe(accepted === 0 ? 200 : 409);
      expect(claims.every(({ status }) => [200, 404, 503].includes(status))).toBe(true);
    }
  });

  test('ends the streams: their readers come again, and hear of the new run', async () => {
    const server = await serve(chain(1));
    const { jobId } = await claim(server, 'host-1');
    const events = readStream(server.url, '/events');
    const { lastId } = await events.next('hello');
    const log = readStream(server.url, `/job/log?jobid=${jobId}&follow`);
    await log.next('lines');
    await begin(server, { force: true });
    await events.rest();
    expect(await log.rest()).toEqual([]);
    const again = readStream(server.url, '/events', { lastId });
    expect((await again.next('hello')).data).toEqual({ run_id: 2, resumed: false });
    expect((await again.next('summary')).data).toMatchObject({ run_id: 2, total_jobs: 2 });
  });

  test('keeps the policy that is in force, and not the pause', async () => {
    const first = await serve(chain(1), { care: { retries: { download: 7 }, leaseSeconds: 60 } });
    await first.post('/run/pause', '');
    await begin(first);
    expect((await first.get('/summary', JSON_ONLY)).json()).toMatchObject({ paused: null });
    const settings = { retries: { download: 7 }, leaseSeconds: 60 };
    expect(JSON.parse(await runFile(first, 2, 'run.json'))).toMatchObject({ settings });
    expect((await first.get('/job?nextjob', HOST)).status).toBe(200);
  });

  test('lets leases of the new run end, and those of the old one rest', async () => {
    const server = await serve(chain(1), { care: { leaseSeconds: 60 } });
    await claim(server, 'host-1');
    await begin(server, { force: true });
    const { jobId } = await claim(server, 'host-1');
    await server.elapse(60_000);
    // Refused, and only after all that was decided before.
    await server.post(`/job?jobid=${jobId}`, { status: 'ERROR' }, { 'If-Match': '"none"' });
    const { status } = (await server.get(`/job?jobid=${jobId}`, JSON_ONLY)).json() as { status: string };
    expect(status).toBe('WAITING_4_WORKER');
    const [old] = (await server.get('/status?run=1', JSON_ONLY)).json() as { status: string }[];
    expect(old?.status).toBe('STARTED');
    expect(server.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('the manifest of the new run', () => {
  test('is that of the current one, with what it has learned, when none is sent', async () => {
    const server = await serve(chain(2));
    await server.post('/config', { end_block_num: 1100, integrity_hash: hashOf('a') });
    expect((await begin(server, { manifest: null })).json()).toMatchObject({ run_id: 2, total_jobs: 2 });
    await complete(server, 'host-1', hashOf('a'));
    expect((await server.get('/status?sliceid=1', FULL)).json()).toMatchObject([{ verdict: 'VERIFIED' }]);
    // And again after one that came over HTTP, whose own folder has it.
    await server.post('/config', { end_block_num: 1200, integrity_hash: hashOf('b') });
    expect((await begin(server, { manifest: null, current_run_id: 2, force: true })).status).toBe(200);
    expect((await server.get('/config?sliceid=2')).json()).toMatchObject({
      expected_integrity_hash: hashOf('b'),
    });
  });

  test('may have another version and more options for every slice', async () => {
    const server = await serve([entry(1000, 1100, { nodeos_options: ['--force-all-checks'] })]);
    const more = { manifest: null, nodeos_version: 'v1.2.2', nodeos_options: ['--chain-threads=4'] };
    expect((await begin(server, more)).status).toBe(200);
    expect((await server.get('/config?sliceid=1')).json()).toMatchObject({ spring_version: 'v1.2.2' });
    const [slice] = JSON.parse(await runFile(server, 2, 'manifest.json')) as object[];
    expect(slice).toMatchObject({
      spring_version: 'v1.2.2',
      nodeos_options: ['--force-all-checks', '--chain-threads=4'],
    });
    expect(slice).not.toHaveProperty('leap_version');
  });

  test('has its paths from the folder that was named, else from that of the file of serve', async () => {
    const server = await serve(chain(1));
    const manifest = textOf([
      entry(1000, 1100, { storage_type: 'filesystem', snapshot_path: 'snapshots/a.bin' }),
    ]);
    const pathOf = async () =>
      ((await server.get('/config?sliceid=1')).json() as { snapshot_path: string }).snapshot_path;
    await begin(server, { manifest });
    expect(await pathOf()).toBe(join(server.folder, 'snapshots/a.bin'));
    await begin(server, { manifest, manifest_folder: 'https://host/chain/', current_run_id: 2 });
    expect(await pathOf()).toBe('https://host/chain/snapshots/a.bin');
    await begin(server, { manifest: null, current_run_id: 3 });
    expect(await pathOf()).toBe('https://host/chain/snapshots/a.bin');
  });

  test('gets the hashes that are learned; the file of serve is left as it is', async () => {
    const server = await serve(chain(1));
    const file = await server.manifest();
    await begin(server);
    await server.post('/config', { end_block_num: 5100, integrity_hash: hashOf('c') });
    await server.close();
    expect(JSON.parse(await runFile(server, 2, 'manifest.json'))).toMatchObject([
      { expected_integrity_hash: hashOf('c') },
      { expected_integrity_hash: '' },
    ]);
    expect(await server.manifest()).toBe(file);
  });
});

describe('after a restart', () => {
  test('the run goes on that was begun over HTTP, as long as the file of serve is the same', async () => {
    const first = await serve(chain(2));
    await first.post('/config', { end_block_num: 1100, integrity_hash: hashOf('a') });
    await begin(first);
    await complete(first, 'host-1', hashOf('a'));
    const status = (await first.get('/status', FULL)).text;
    let server = await first.restart();
    expect((await server.get('/status', FULL)).text).toBe(status);
    expect(server.log).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('it was begun over HTTP') }),
    );
    // So does the one after it, at the next start but one.
    await begin(server, { current_run_id: 2, manifest: textOf(chain(5)) });
    server = await (await server.restart()).restart();
    expect(await runId(server)).toBe(3);
    expect(await readdir(join(server.dataDir, 'runs'))).toHaveLength(3);
  });

  test('another manifest in the file of serve begins a run', async () => {
    const first = await serve(chain(2));
    await begin(first);
    await writeFile(first.manifestPath, textOf(chain(3)));
    const server = await first.restart();
    expect(await runId(server)).toBe(3);
    expect((await server.get('/summary', JSON_ONLY)).json()).toMatchObject({ total_jobs: 3 });
  });

  test('the manifest of the run itself in the file of serve goes on with it, and gets its hashes', async () => {
    const first = await serve(chain(2));
    await begin(first);
    await first.post('/config', { end_block_num: 5100, integrity_hash: hashOf('c') });
    await writeFile(first.manifestPath, textOf(NEXT));
    const server = await first.restart();
    expect(await runId(server)).toBe(2);
    await server.close();
    expect(JSON.parse(await server.manifest())).toMatchObject([
      { expected_integrity_hash: hashOf('c') },
      { expected_integrity_hash: '' },
    ]);
  });

  test('the folder of the replaced run is not needed any more', async () => {
    const first = await serve(chain(2));
    await begin(first);
    await first.close();
    await rm(join(first.dataDir, 'runs/0001'), { recursive: true });
    expect(await runId(await first.restart())).toBe(2);
  });

  test('hashes that did not reach the manifest of the run are written then', async () => {
    const first = await serve(chain(1));
    await begin(first);
    await first.post('/config', { end_block_num: 5100, integrity_hash: hashOf('c') });
    await first.close();
    const file = join(first.dataDir, 'runs/0002/manifest.json');
    await writeFile(file, textOf(NEXT));
    await (await first.restart()).close();
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject([
      { expected_integrity_hash: hashOf('c') },
      {},
    ]);
  });

  test('without what tells which run is to go on it does not start, and says how to', async () => {
    const first = await serve(chain(2));
    await begin(first);
    await first.close();
    await writeFile(join(first.dataDir, 'runs/0002/config-slices.json'), '[{"slice": 1}]');
    await expect(first.restart()).rejects.toMatchObject({
      code: 'DATA_DIR_DAMAGED',
      hint: expect.stringContaining('manifest.json'),
    });
    await writeFile(first.manifestPath, await runFile(first, 2, 'manifest.json'));
    expect(await runId(await first.restart())).toBe(2);
  });
});

describe('a request that cannot be carried out', () => {
  const NOTHING: [string, object | string][] = [
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no manifest', { manifest: undefined }],
    ['a manifest that is no text', { manifest: [] }],
    ['no current run', { current_run_id: undefined }],
    ['a current run that is no number', { current_run_id: '1' }],
    ['a force that is none', { force: 'yes' }],
    ['a version that is none', { nodeos_version: 5 }],
    ['options that are none', { nodeos_options: '--chain-threads=4' }],
    ['an option that is none', { nodeos_options: [4] }],
    ['a relative folder', { manifest_folder: 'chain' }],
    ['a folder with a line feed', { manifest_folder: '/a\nb' }],
    ['bytes that are no UTF-8', { manifest: '[{"\uFFFD": 1}]' }],
    ['a manifest with mistakes', { manifest: '[{"start_block_id": 5}]' }],
    ['an empty manifest', { manifest: '' }],
  ];

  test.each(NOTHING)('%s: 400, and nothing was begun', async (_, more) => {
    const server = await serve(chain(1));
    const answer = typeof more === 'string' ? await server.post('/run', more) : await begin(server, more);
    expect(answer.status).toBe(400);
    expect(await readdir(join(server.dataDir, 'runs'))).toEqual(['0001']);
    expect((await server.get('/job?nextjob')).status).toBe(200);
  });

  test('names all mistakes with their lines', async () => {
    const server = await serve(chain(1));
    const manifest = textOf([entry(1000, 900), entry(2000, 2100, { leap_version: 'x' })]);
    const { status, json } = (await begin(server, { manifest })) as { status: number; json: () => unknown };
    const { error } = json() as { error: { code: string; message: string } };
    expect([status, error.code]).toEqual([400, 'MANIFEST_INVALID']);
    expect(error.message).toMatch(/slice 1, line 4, end_block_id: got 900/u);
    expect(error.message).toMatch(/slice 2, line 16, leap_version: got "x"/u);
  });

  test('names options that are not allowed', async () => {
    const checkNodeosOptions = (options: string[]) => options.map((option) => `${option} is not allowed`);
    const server = await serve(chain(1), { checkNodeosOptions });
    const { text } = await begin(server, { manifest: null, nodeos_options: ['--plugin=x'] });
    expect(text).toContain('nodeos_options: --plugin=x is not allowed');
  });

  test('a body that is too large is 413', async () => {
    const server = await serve(chain(1));
    const body = `{"manifest": "${'x'.repeat(17 * 1024 * 1024)}"}`;
    const status = await server.post('/run', body).then(
      (answer) => answer.status,
      () => 'cut off',
    );
    expect([413, 'cut off']).toContain(status);
    expect(await runId(server)).toBe(1);
  });

  test('a folder that cannot be written: 503, and the run before goes on', async () => {
    const server = await serve(chain(1));
    const runs = join(server.dataDir, 'runs');
    await rename(runs, `${runs}-away`);
    await writeFile(runs, 'in the way');
    expect((await begin(server)).status).toBe(503);
    await rm(runs);
    await rename(`${runs}-away`, runs);
    expect(await claim(server, 'host-1')).toMatchObject({ jobId: 1 });
    expect((await begin(server, { force: true })).json()).toMatchObject({ run_id: 2 });
  });

  test('is not for those without the right admin', async () => {
    const { server, token } = await guarded();
    for (const right of ['read', 'work'] as const) {
      const { token: weak } = await token([right]);
      expect((await begin(server, {}, bearer(weak))).status).toBe(403);
      expect((await server.post('/manifest/check', '[]', bearer(weak))).status).toBe(403);
    }
    expect((await begin(server)).status).toBe(401);
    expect((await begin(server, {}, bearer(SERVE_TOKEN))).status).toBe(200);
    expect(JSON.parse(await runFile(server, 2, 'run.json'))).toMatchObject({ begun: { by: 'serve' } });
  });
});

describe('POST /manifest/check', () => {
  test('tells all mistakes, each with its place', async () => {
    const server = await serve(chain(1));
    const text = textOf([entry(1000, 900), entry(2000, 2100, { leap_version: 'x' })]);
    expect((await server.post('/manifest/check', text)).json()).toMatchObject({
      valid: false,
      problem_count: 2,
      problems: [
        { code: 'bad-value', slice: 1, line: 4, field: 'end_block_id' },
        {
          slice: 2,
          line: 16,
          field: 'leap_version',
          text: expect.stringMatching(/^slice 2, line 16, leap_version: got "x"/u),
        },
      ],
      total_jobs: null,
      same_as_current: null,
      run_id: 1,
    });
  });

  test('tells what would become of a run, and changes nothing', async () => {
    const server = await serve(chain(2));
    await claim(server, 'host-1');
    const gap = [entry(5000, 5100), entry(6000, 6200, { leap_version: '5.0.3' })];
    expect((await server.post('/manifest/check', textOf(gap))).json()).toMatchObject({
      valid: true,
      problems: [],
      warnings: [{ code: 'gap', slice: 2, line: 11 }],
      warning_count: 1,
      total_jobs: 2,
      total_blocks: 300,
      start_block: 5000,
      end_block: 6200,
      requested_versions: ['5.0.2', '5.0.3'],
      same_as_current: false,
      run_id: 1,
      jobs_held: 1,
    });
    expect(await readdir(join(server.dataDir, 'runs'))).toEqual(['0001']);
  });

  test('knows the manifest of the current run, also with the hashes that this has learned', async () => {
    const server = await serve(chain(2));
    await server.post('/config', { end_block_num: 1100, integrity_hash: hashOf('a') });
    const same = { valid: true, same_as_current: true };
    expect((await server.post('/manifest/check', await server.manifest())).json()).toMatchObject(same);
    expect((await server.post('/manifest/check?current', '')).json()).toMatchObject(same);
    const other = await server.post('/manifest/check?current&nodeos_version=1.2.2', '');
    expect(other.json()).toMatchObject({ same_as_current: false, requested_versions: ['1.2.2'] });
  });

  test('looks at what a version makes of the slices, where no line tells it', async () => {
    const server = await serve(chain(1));
    const twice = [entry(1000, 1100), entry(1000, 1100, { leap_version: '5.0.3' })];
    const path = '/manifest/check?nodeos_version=v5.0.1';
    expect((await server.post(path, textOf(twice))).json()).toMatchObject({
      valid: false,
      problems: [{ code: 'repeated-slice', slice: 2, line: null }],
    });
  });

  test('lists no more than a thousand mistakes, and counts the others', async () => {
    const server = await serve(chain(1));
    const bad = Array.from({ length: 1500 }, () => ({ ...entry(5, 4), expected_integrity_hash: 'x' }));
    const answer = await server.post('/manifest/check', textOf(bad));
    const { problems, problem_count: count } = answer.json() as { problems: []; problem_count: number };
    expect([problems.length, count]).toEqual([1000, 3000]);
  });

  test('says what is wrong with a version or an option that is asked for', async () => {
    const server = await serve(chain(1), {
      checkNodeosOptions: (options) => options.map((it) => `no ${it}`),
    });
    const path = '/manifest/check?current&nodeos_version=newest&nodeos_option=--plugin&nodeos_option=--x';
    const { problems } = (await server.post(path, '')).json() as { problems: { text: string }[] };
    expect(problems.map(({ text }) => text)).toEqual([
      'nodeos_version: got "newest"; expected a version, or the URL or path of a .deb file',
      'nodeos_options: no --plugin',
      'nodeos_options: no --x',
    ]);
  });
});
