import { beforeEach, describe, expect, test } from 'vitest';
import { FULL, JSON_ONLY, chain, claim, hashOf, serve, type Running } from './harness.ts';

const STARTED = { status: 'STARTED' };

describe('POST /job', () => {
  let server: Running;
  beforeEach(async () => {
    server = await serve(chain(2));
  });
  const etagOf = async (jobId: number): Promise<string> => (await server.get(`/job?jobid=${jobId}`)).etag;

  test('answers with the new ETag, with which the holder goes on', async () => {
    const { jobId, etag } = await claim(server, 'a');
    expect(etag).toBe(await etagOf(jobId));
    const next = await server.post(`/job?jobid=${jobId}`, { status: 'WORKING' }, { 'If-Match': etag });
    expect([next.status, next.text]).toEqual([200, '{"status": "updated"}']);
    expect(next.headers.get('content-type')).toBe('application/json');
    expect(next.etag).not.toBe(etag);
  });

  describe('finding the job', () => {
    test('no jobid', async () => {
      const answer = await server.post('/job', STARTED);
      expect([answer.status, answer.text]).toEqual([404, 'jobid parameter is missing']);
    });

    test.each(['99', 'x', '1e1', ''])('unknown job %j', async (jobId) => {
      const answer = await server.post(`/job?jobid=${jobId}`, STARTED, { 'If-Match': '*' });
      expect([answer.status, answer.text]).toEqual([404, 'Could not find job']);
    });
  });

  describe('the version', () => {
    const stale = `"${'0'.repeat(40)}"`;
    test.each([
      ['none', {}, 400],
      ['a stale ETag', { ETag: stale }, 400],
      ['an empty ETag', { ETag: '' }, 400],
      ['a stale If-Match', { 'If-Match': stale }, 412],
      ['an empty If-Match', { 'If-Match': '' }, 412],
      ['a list of stale ones', { 'If-Match': `${stale}, "x"` }, 412],
    ])('%s is refused, and nothing changes', async (_name, headers: Record<string, string>, status) => {
      const before = await server.get('/job?jobid=1', FULL);
      const answer = await server.post('/job?jobid=1', STARTED, headers);
      expect([answer.status, answer.text]).toEqual([status, 'Invalid ETag']);
      const after = await server.get('/job?jobid=1', FULL);
      expect([after.text, after.etag]).toEqual([before.text, before.etag]);
    });

    test.each([
      ['If-Match', (etag: string) => ({ 'If-Match': etag })],
      ['If-Match without quotes', (etag: string) => ({ 'If-Match': etag.slice(1, -1) })],
      ['If-Match *', () => ({ 'If-Match': '*' })],
      ['If-Match with a list', (etag: string) => ({ 'If-Match': `"other", ${etag}` })],
      ['ETag', (etag: string) => ({ ETag: etag })],
      ['ETag without quotes', (etag: string) => ({ ETag: etag.slice(1, -1) })],
      ['ETag that a proxy made weak', (etag: string) => ({ ETag: `W/${etag}` })],
      ['If-Match before ETag', (etag: string) => ({ 'If-Match': etag, ETag: stale })],
    ])('%s is accepted', async (_name, headers) => {
      const answer = await server.post('/job?jobid=1', STARTED, headers(await etagOf(1)));
      expect(answer.status).toBe(200);
    });

    test('a weak tag in If-Match never matches', async () => {
      const answer = await server.post('/job?jobid=1', STARTED, { 'If-Match': `W/${await etagOf(1)}` });
      expect(answer.status).toBe(412);
    });

    test('the version of another job does not match', async () => {
      expect((await server.post('/job?jobid=1', STARTED, { 'If-Match': await etagOf(2) })).status).toBe(412);
    });

    test.each([
      ['the current version', async () => etagOf(1)],
      ['If-Match *', async () => '*'],
    ])('%s does not let another worker change a job that is held', async (_name, version) => {
      await claim(server, 'a');
      for (const body of [
        { status: 'STARTED' },
        { status: 'WORKING', last_block_processed: 1050 },
        { status: 'COMPLETE', actual_integrity_hash: hashOf('f') },
        { status: 'ERROR', error_cause: 'bad-job' },
      ]) {
        const before = await server.get('/job?jobid=1', FULL);
        const headers = { 'If-Match': await version(), 'X-Replay-Worker': 'b' };
        const answer = await server.post('/job?jobid=1', body, headers);
        expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('it is held by a')]);
        expect((await server.get('/job?jobid=1', FULL)).text).toBe(before.text);
      }
    });

    test('a result that a worker reports of a job that it lost is kept, also with the version of another', async () => {
      await claim(server, 'a');
      await server.post('/job?jobid=1', { status: 'WAITING_4_WORKER' }, { 'If-Match': '*' });
      await claim(server, 'b');
      const result = { status: 'COMPLETE', actual_integrity_hash: hashOf('f') };
      const headers = { 'If-Match': await etagOf(1), 'X-Replay-Worker': 'a' };
      expect((await server.post('/job?jobid=1', result, headers)).status).toBe(409);
      expect((await server.get('/job?jobid=1', FULL)).json()).toMatchObject({
        status: 'STARTED',
        worker_id: 'b',
        attempts: [
          { late_results: [{ status: 'COMPLETE', actual_integrity_hash: hashOf('f') }] },
          { worker_id: 'b' },
        ],
      });
    });

    test('of two workers of one name one gets the job, however alike they ask', async () => {
      const { etag } = await server.get('/job?nextjob', { 'X-Replay-Worker': 'a' });
      const headers = { 'X-Replay-Worker': 'a', 'If-Match': etag };
      const asked = ['one', 'two', 'one'].map((claim_id) => ({ ...STARTED, claim_id }));
      const answers = [];
      for (const body of asked) answers.push(await server.post('/job?jobid=1', body, headers));
      expect(answers.map(({ status }) => status)).toEqual([200, 412, 200]);

      const again = { ...headers, 'If-Match': await etagOf(1) };
      const second = await server.post('/job?jobid=1', asked[1], again);
      expect([second.status, second.text]).toEqual([
        409,
        expect.stringContaining('it is held by another worker that is called a'),
      ]);
      expect((await server.post('/job?jobid=1', asked[0], again)).status).toBe(200);
    });

    test('a hash that is learned meanwhile changes the ETag, but does not take the job from its holder', async () => {
      const { etag } = await claim(server, 'a');
      await server.post('/config', { end_block_num: 1100, integrity_hash: hashOf('c') });
      expect(await etagOf(1)).not.toBe(etag);
      const next = await server.post('/job?jobid=1', { status: 'WORKING' }, { 'If-Match': etag });
      expect(next.status).toBe(200);
    });

    test('a person who read a finished job before its verdict changed is refused', async () => {
      const { etag } = await claim(server, 'a');
      const body = { status: 'COMPLETE', actual_integrity_hash: hashOf('a') };
      const done = await server.post('/job?jobid=1', body, { 'If-Match': etag });
      await server.post('/config', { end_block_num: 1100, integrity_hash: hashOf('c') });
      const again = await server.post(
        '/job?jobid=1',
        { status: 'WAITING_4_WORKER' },
        { 'If-Match': done.etag },
      );
      expect(again.status).toBe(412);
    });
  });

  describe('a request whose answer was lost', () => {
    const worker = { 'X-Replay-Worker': 'a' };

    test('is answered again, and changes nothing more', async () => {
      const offer = await server.get('/job?nextjob', worker);
      const headers = { ...worker, 'If-Match': offer.etag };
      const first = await server.post('/job?jobid=1', STARTED, headers);
      const again = await server.post('/job?jobid=1', STARTED, headers);
      expect([again.status, again.etag]).toEqual([200, first.etag]);
      expect((await server.get('/job?jobid=1', FULL)).json()).toMatchObject({ attempt: 1, worker_id: 'a' });
    });

    test('also when a verdict was settled, and when the orchestrator was restarted in between', async () => {
      const { jobId, etag } = await claim(server, 'a');
      const body = { status: 'COMPLETE', actual_integrity_hash: hashOf('a') };
      const headers = { ...worker, 'If-Match': etag };
      await server.post(`/job?jobid=${jobId}`, body, headers);
      const restarted = await server.restart();
      await restarted.post('/config', { end_block_num: 1100, integrity_hash: hashOf('a') });
      const again = await restarted.post(`/job?jobid=${jobId}`, body, headers);
      expect([again.status, again.etag]).toEqual([200, (await restarted.get(`/job?jobid=${jobId}`)).etag]);
    });

    test('is refused to another worker, with another body, or when the job has changed since', async () => {
      const offer = await server.get('/job?nextjob', worker);
      const headers = { ...worker, 'If-Match': offer.etag };
      const first = await server.post('/job?jobid=1', STARTED, headers);
      const other = { 'X-Replay-Worker': 'b', 'If-Match': offer.etag };
      expect((await server.post('/job?jobid=1', STARTED, other)).status).toBe(412);
      const unnamed = { 'If-Match': offer.etag };
      expect((await server.post('/job?jobid=1', STARTED, unnamed)).status).toBe(412);
      expect((await server.post('/job?jobid=1', { ...STARTED, instance_id: 'i' }, headers)).status).toBe(412);
      await server.post('/job?jobid=1', { status: 'WORKING' }, { ...worker, 'If-Match': first.etag });
      expect((await server.post('/job?jobid=1', STARTED, headers)).status).toBe(412);
    });
  });

  describe('the body', () => {
    test.each([
      ['{', 'The body must be JSON'],
      ['', 'The body must be JSON'],
      ['[]', 'The body must be a JSON object, and is []'],
      ['null', 'The body must be a JSON object, and is null'],
      ['"STARTED"', 'The body must be a JSON object, and is "STARTED"'],
      ['{}', 'status is required'],
      ['{"status": null}', 'status is required'],
      ['{"status": 5}', /^status must be one of WAITING_4_WORKER, .*, and is 5$/],
      ['{"status": "DONE"}', /^status must be one of .*, and is "DONE"$/],
      ['{"status": "WORKING", "last_block_processed": "12x"}', /^last_block_processed must be an integer/],
      ['{"status": "WORKING", "last_block_processed": -1}', /^last_block_processed must be an integer/],
      ['{"status": "WORKING", "last_block_processed": 1.5}', /^last_block_processed must be an integer/],
      ['{"status": "WORKING", "last_block_processed": true}', /^last_block_processed must be an integer/],
      ['{"status": "WORKING", "last_block_processed": 1e400}', /^last_block_processed must be an integer/],
      ['{"status": "STARTED", "start_time": "yesterday"}', /^start_time must be a time/],
      ['{"status": "ERROR", "end_time": 1700000000}', /^end_time must be a time/],
      [
        '{"status": "COMPLETE", "actual_integrity_hash": "abc"}',
        /^actual_integrity_hash must be 64 hex digits/,
      ],
      ['{"status": "COMPLETE", "actual_integrity_hash": 5}', /^actual_integrity_hash must be 64 hex digits/],
      ['{"status": "ERROR", "error_message": {}}', /^error_message must be a string/],
      ['{"status": "ERROR", "error_cause": "bad luck"}', /^error_cause must be one of/],
      ['{"status": "STARTED", "instance_id": 5}', /^instance_id must be a string/],
      ['{"status": "WORKING", "stage": "lunch"}', /^stage must be one of/],
      ['{"status": "WORKING", "blocks_per_second": "fast"}', /^blocks_per_second must be a number/],
      ['{"status": "WORKING", "stage_times": [1]}', /^stage_times must be an object/],
      ['{"status": "WORKING", "stage_times": {"fetch": "long"}}', /^stage_times must give milliseconds/],
      ['{"status": "WORKING", "nodeos_version": 5}', /^nodeos_version must be a string/],
    ])('%s is 400', async (body, message) => {
      const { etag } = await claim(server, 'a');
      const answer = await server.post('/job?jobid=1', body, { 'If-Match': etag });
      expect(answer.status).toBe(400);
      expect(answer.text).toMatch(message);
      expect(await etagOf(1)).toBe(etag);
    });

    test('COMPLETE without a hash is 400 and names the field', async () => {
      const { etag } = await claim(server, 'a');
      const answer = await server.post('/job?jobid=1', { status: 'COMPLETE' }, { 'If-Match': etag });
      expect([answer.status, answer.text.split(':')[0]]).toEqual([400, 'actual_integrity_hash']);
    });

    test('is JSON whatever the content type says', async () => {
      const headers = { 'If-Match': await etagOf(1), 'Content-Type': 'application/x-www-form-urlencoded' };
      expect((await server.post('/job?jobid=1', STARTED, headers)).status).toBe(200);
    });

    test('takes the listed fields only', async () => {
      const body = {
        ...STARTED,
        job_id: 7,
        snapshot_path: 'x',
        end_block_num: 5,
        expected_integrity_hash: 'x',
        verdict: 'VERIFIED',
        attempts: [],
      };
      await server.post('/job?jobid=1', body, { 'If-Match': await etagOf(1) });
      expect((await server.get('/job?jobid=1', JSON_ONLY)).json()).toMatchObject({
        job_id: 1,
        snapshot_path: 's3://bucket/snapshot-1000.bin.zst',
        end_block_num: 1100,
        expected_integrity_hash: '',
        status: 'STARTED',
      });
    });

    test('SNAPSHOT_LOADING is another spelling of LOADING_SNAPSHOT', async () => {
      const { etag } = await claim(server, 'a');
      await server.post('/job?jobid=1', { status: 'SNAPSHOT_LOADING' }, { 'If-Match': etag });
      expect((await server.get('/job?jobid=1', JSON_ONLY)).json()).toMatchObject({
        status: 'LOADING_SNAPSHOT',
      });
    });

    test('of more than 1 MiB is 413, and the server lives on', async () => {
      const body = JSON.stringify({ ...STARTED, error_message: 'x'.repeat(1024 * 1024) });
      const answer = await server.post('/job?jobid=1', body, { 'If-Match': '*' });
      expect([answer.status, answer.text]).toEqual([413, 'The body is larger than 1024 KiB']);
      expect((await server.get('/healthcheck')).status).toBe(200);
    });
  });

  test('a move that is not allowed is 409 and names both states', async () => {
    const answer = await server.post(
      '/job?jobid=1',
      { status: 'COMPLETE', actual_integrity_hash: hashOf('a') },
      { 'If-Match': await etagOf(1) },
    );
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('WAITING_4_WORKER');
    expect(answer.text).toContain('COMPLETE');
  });

  test('text with line ends that NeDB cannot store survives a restart', async () => {
    const { etag } = await claim(server, 'a');
    const message = 'one\u2028two\u2029three\u0085four\nfive "six" \\ \ud83d\ude00 \u0000';
    const body = { status: 'ERROR', error_cause: 'nodeos-crash', error_message: message };
    await server.post('/job?jobid=1', body, { 'If-Match': etag });
    const restarted = await server.restart();
    expect((await restarted.get('/job?jobid=1', FULL)).json()).toMatchObject({ error_message: message });
  });
});
