/** The clients of the older service against the built file: their requests, and the answers to the byte. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readManifest, writeManifest } from './support/chains.ts';
import { Scene } from './support/scene.ts';
import { exchange, type WireAnswer } from './support/wire.ts';

const hash = (digit: string): string => digit.repeat(64);

const SLICES = [
  {
    start_block_id: 323611371,
    end_block_id: 323784127,
    snapshot_path: 's3://chain/snapshots/snapshot-1.bin.zst',
    storage_type: 's3',
    expected_integrity_hash: '',
    leap_version: '5.0.2',
  },
  {
    start_block_id: 323784127,
    end_block_id: 323961571,
    snapshot_path: 's3://chain/snapshots/snapshot-2.bin.zst',
    storage_type: 's3',
    expected_integrity_hash: hash('a'),
    leap_version: '5.0.2',
  },
  {
    start_block_id: 323961571,
    end_block_id: 324302525,
    snapshot_path: '/data/snapshots/snapshot-3-é.bin',
    storage_type: 'filesystem',
    expected_integrity_hash: hash('b'),
    spring_version: 'v1.0.3',
  },
];

const JSON_FORM = { Accept: 'application/json' };
const TIME = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}`;

async function start() {
  const scene = await Scene.create();
  const manifest = await writeManifest(scene.path('manifest.json'), SLICES);
  const orchestrator = await scene.serve(manifest);
  const { url } = orchestrator;
  return {
    scene,
    manifest,
    orchestrator,
    get: (path: string, headers: Record<string, string> = {}) => exchange(url, 'GET', path, { headers }),
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      exchange(url, 'POST', path, {
        headers: { 'Content-Type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

/** A pattern that is literal but for the times. */
function withTimes(text: string): RegExp {
  const literal = text.replaceAll(/[$()*+.?[\\\]^{|}]/gu, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll('<time>', TIME)}$`, 'u');
}

describe('the older Python client', () => {
  test('takes a job from the offer to its end, sending the whole record back each time', async () => {
    const { get, post, manifest } = await start();

    const offer = await get('/job?nextjob=1', JSON_FORM);
    expect(offer.status).toBe(200);
    expect(offer.headers['content-type']).toBe('application/json');
    expect(String(offer.headers['etag']).length).toBeGreaterThanOrEqual(31);
    expect(offer.body).toMatch(
      withTimes(
        '{"job_id": 1, "replay_slice_id": 1, "snapshot_path": "s3://chain/snapshots/snapshot-1.bin.zst", "storage_type": "s3", "leap_version": "5.0.2", "start_block_num": 323611371, "end_block_num": 323784127, "status": "WAITING_4_WORKER", "last_block_processed": 0, "start_time": "<time>", "end_time": null, "expected_integrity_hash": "", "actual_integrity_hash": null}',
      ),
    );
    const record = JSON.parse(offer.body) as Record<string, unknown>;
    let etag = String(offer.headers['etag']);
    const send = async (changes: Record<string, unknown>): Promise<WireAnswer> => {
      Object.assign(record, changes);
      const answer = await post('/job?jobid=1', record, { ...JSON_FORM, ETag: etag });
      etag = String(answer.headers['etag']);
      return answer;
    };

    const claimed = await send({ status: 'STARTED', start_time: '2026-11-22T10:51:26' });
    expect([claimed.status, claimed.body]).toEqual([200, '{"status": "updated"}']);
    expect(claimed.headers['content-type']).toBe('application/json');
    expect((await send({ status: 'LOADING_SNAPSHOT' })).body).toBe('{"status": "updated"}');

    // The host that starts from the snapshot at its end block tells the hash.
    const learned = await post('/config', { end_block_num: '323784127', integrity_hash: hash('c') });
    expect([learned.status, learned.headers['content-type'], learned.body]).toEqual([
      200,
      'application/json',
      '{"sliceid": 1, "message": "updated integrity hash"}',
    ]);

    // It has changed the job, so the version that was in hand is stale: the client reads it again.
    const fresh = await get('/job?jobid=1', JSON_FORM);
    etag = String(fresh.headers['etag']);
    Object.assign(record, JSON.parse(fresh.body) as object);
    expect((await send({ status: 'WORKING', last_block_processed: '323700000' })).status).toBe(200);
    const end = {
      status: 'COMPLETE',
      last_block_processed: '323784127',
      end_time: '2026-11-22T12:00:00',
      actual_integrity_hash: hash('c'),
    };
    expect((await send(end)).status).toBe(200);

    const status = await get('/status?sliceid=1', JSON_FORM);
    expect(status.body).toBe(
      `[{"job_id": 1, "replay_slice_id": 1, "snapshot_path": "s3://chain/snapshots/snapshot-1.bin.zst", "storage_type": "s3", "leap_version": "5.0.2", "start_block_num": 323611371, "end_block_num": 323784127, "status": "COMPLETE", "last_block_processed": 323784127, "start_time": "2026-11-22T10:51:26", "end_time": "2026-11-22T12:00:00", "expected_integrity_hash": "${hash('c')}", "actual_integrity_hash": "${hash('c')}"}]`,
    );
    expect((await readManifest(manifest))[0]).toEqual({
      ...SLICES[0],
      expected_integrity_hash: hash('c'),
    });
    const summary = await get('/summary', JSON_FORM);
    expect(summary.body).toMatch(
      /^\{"total_blocks": 691154, "blocks_processed": 172756, "total_jobs": 3, "jobs_succeeded": 1, "jobs_failed": 0, "failed_jobs": \[\], /u,
    );
  });

  test('sees a wrong hash become a mismatch', async () => {
    const { get, post } = await start();
    const offer = await get('/job?jobid=2', JSON_FORM);
    let etag = String(offer.headers['etag']);
    for (const body of [{ status: 'STARTED' }, { status: 'COMPLETE', actual_integrity_hash: hash('d') }]) {
      const answer = await post('/job?jobid=2', body, { ETag: etag });
      expect([answer.status, answer.body]).toEqual([200, '{"status": "updated"}']);
      etag = String(answer.headers['etag']);
    }
    expect(JSON.parse((await get('/job?jobid=2', JSON_FORM)).body)).toMatchObject({
      status: 'HASH_MISMATCH',
      expected_integrity_hash: hash('a'),
      actual_integrity_hash: hash('d'),
    });
    expect((await get('/summary', JSON_FORM)).body).toContain(
      '"jobs_failed": 1, "failed_jobs": [{"status": "HASH_MISMATCH", "jobid": 2, "configid": 2}], ',
    );
  });

  test('two hosts that ask at the same time are offered different jobs, each its own again', async () => {
    const { get } = await start();
    const ask = async (worker: string): Promise<string> => {
      const { body } = await get('/job?nextjob', { ...JSON_FORM, 'X-Replay-Worker': worker });
      return String((JSON.parse(body) as { job_id: number }).job_id);
    };
    const [a, b] = await Promise.all([ask('a'), ask('b')]);
    expect(new Set([a, b]).size).toBe(2);
    expect([await ask('a'), await ask('b')]).toEqual([a, b]);
  });

  test('a job that was given back is offered to the next host at once', async () => {
    const { get, post } = await start();
    const asA = { ...JSON_FORM, 'X-Replay-Worker': 'a' };
    const offer = await get('/job?nextjob', asA);
    const claimed = await post(
      '/job?jobid=1',
      { status: 'STARTED' },
      { ...asA, 'If-Match': String(offer.headers['etag']) },
    );
    await post(
      '/job?jobid=1',
      { status: 'WAITING_4_WORKER' },
      { ...asA, 'If-Match': String(claimed.headers['etag']) },
    );
    const next = await get('/job?nextjob', { ...JSON_FORM, 'X-Replay-Worker': 'b' });
    expect(JSON.parse(next.body)).toMatchObject({ job_id: 1 });
  });
});

describe('shell scripts and curl', () => {
  test('a job as text, when they name no form', async () => {
    const { get } = await start();
    const forms: Record<string, string>[] = [{}, { Accept: '*/*' }, { Accept: 'text/plain' }];
    for (const headers of forms) {
      const { status, body, headers: answered } = await get('/job?nextjob', headers);
      expect([status, answered['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
      expect(body).toMatch(
        withTimes(
          'job_id=1, replay_slice_id=1, snapshot_path=s3://chain/snapshots/snapshot-1.bin.zst, storage_type=s3, leap_version=5.0.2, start_block_num=323611371, end_block_num=323784127, status=WAITING_4_WORKER, last_block_processed=0, start_time=<time>, end_time=None, expected_integrity_hash=, actual_integrity_hash=None',
        ),
      );
    }
  });

  test('a manifest that says spring_version gets that key back, and non-ASCII as Python writes it', async () => {
    const { get } = await start();
    const { body } = await get('/config?sliceid=3');
    expect(body).toBe(
      `{"replay_slice_id": 3, "start_block_id": 323961571, "end_block_id": 324302525, "snapshot_path": "/data/snapshots/snapshot-3-\\u00e9.bin", "storage_type": "filesystem", "expected_integrity_hash": "${hash('b')}", "spring_version": "v1.0.3"}`,
    );
  });

  test('GET /job leads to the next job', async () => {
    const { get } = await start();
    const { status, headers } = await get('/job');
    expect([status, headers['location']]).toEqual([301, '/job?nextjob']);
  });

  test.each<[string, number, string]>([
    ['/job?jobid=99', 404, 'Could not find job'],
    ['/status?sliceid=99', 404, 'Not found'],
    ['/healthcheck', 200, 'OK'],
  ])('GET %s: %i %s', async (path, status, body) => {
    const { get } = await start();
    const answer = await get(path);
    expect([answer.status, answer.body]).toEqual([status, body]);
  });

  test('what cannot be done is refused in the older words, and changes nothing', async () => {
    const { get, post } = await start();
    const before = await get('/job?jobid=1', JSON_FORM);
    const etag = String(before.headers['etag']);
    const refusals: [string, unknown, Record<string, string>, number, RegExp][] = [
      ['/job', { status: 'STARTED' }, { ETag: etag }, 404, /^jobid parameter is missing$/u],
      ['/job?jobid=99', { status: 'STARTED' }, { ETag: etag }, 404, /^Could not find job$/u],
      ['/job?jobid=1', { status: 'STARTED' }, {}, 400, /^Invalid ETag$/u],
      ['/job?jobid=1', { status: 'STARTED' }, { ETag: 'stale' }, 400, /^Invalid ETag$/u],
      ['/job?jobid=1', { status: 'STARTED' }, { 'If-Match': '"stale"' }, 412, /./u],
      ['/job?jobid=1', { status: 'DANCING' }, { ETag: etag }, 400, /status.*DANCING/u],
      ['/job?jobid=1', { status: 'WORKING' }, { ETag: etag }, 409, /WAITING_4_WORKER.*WORKING/u],
      ['/job?jobid=1', '{"status": "STARTED"', { ETag: etag }, 400, /JSON/u],
      ['/job?jobid=1', '[]', { ETag: etag }, 400, /object/u],
      [
        '/job?jobid=1',
        { status: 'STARTED', last_block_processed: 'many' },
        { ETag: etag },
        400,
        /last_block_processed/u,
      ],
      [
        '/config',
        { end_block_num: 5, integrity_hash: hash('e') },
        {},
        404,
        /^Config Record with 5 Not found$/u,
      ],
      ['/config', { end_block_num: '007', integrity_hash: hash('e') }, {}, 404, /^Config Record with /u],
    ];
    for (const [path, body, headers, status, text] of refusals) {
      const answer = await post(path, body, headers);
      expect([path, body, answer.status]).toEqual([path, body, status]);
      expect(answer.body).toMatch(text);
    }
    const after = await get('/job?jobid=1', JSON_FORM);
    expect([after.body, after.headers['etag']]).toEqual([before.body, etag]);
  });

  test('what was accepted is there after kill -9, with the same version', async () => {
    const { scene, get, post, orchestrator, manifest } = await start();
    const offer = await get('/job?jobid=1', JSON_FORM);
    const claimed = await post(
      '/job?jobid=1',
      { status: 'STARTED' },
      { ETag: String(offer.headers['etag']) },
    );
    await post('/config', { end_block_num: 323784127, integrity_hash: hash('c') });
    const before = await get('/job?jobid=1', JSON_FORM);
    orchestrator.running.kill('SIGKILL');
    await orchestrator.running.finished;

    const again = await scene.serve(manifest);

    const after = await exchange(again.url, 'GET', '/job?jobid=1', { headers: JSON_FORM });
    expect(claimed.status).toBe(200);
    expect([after.body, after.headers['etag']]).toEqual([before.body, before.headers['etag']]);
    expect(await readFile(manifest, 'utf8')).toContain(hash('c'));
  });
});

describe('a browser', () => {
  test.each(['/status', '/job?jobid=1', '/config?sliceid=1', '/summary'])(
    'gets a page for %s',
    async (path) => {
      const { get } = await start();
      const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
      const { status, headers, body } = await get(path, { Accept: accept });
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(body).toMatch(/<html/iu);
    },
  );
});
