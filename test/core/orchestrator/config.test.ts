import { describe, expect, test } from 'vitest';
import { FULL, JSON_ONLY, chain, claim, complete, entry, hashOf, serve } from './harness.ts';

const HASH = hashOf('a');

describe('GET /config', () => {
  test.each(['/config', '/config?sliceid=9', '/config?sliceid=x'])('%s is 404', async (path) => {
    const server = await serve(chain(1));
    expect((await server.get(path)).status).toBe(404);
  });

  test('* gives JSON', async () => {
    const server = await serve(chain(1));
    expect((await server.get('/config?sliceid=1', { Accept: '*/*' })).headers.get('content-type')).toBe(
      'application/json',
    );
  });
});

describe('POST /config', () => {
  test.each([
    ['a number', { end_block_num: 1100, integrity_hash: HASH }],
    ['digits', { end_block_num: '1100', integrity_hash: HASH }],
    ['the other name', { end_block_num: 1100, expected_integrity_hash: HASH }],
    ['capitals', { end_block_num: 1100, integrity_hash: HASH.toUpperCase() }],
    ['more fields', { end_block_num: 1100, integrity_hash: HASH, start_block_num: 4 }],
  ])('with %s sets the hash that the slice must arrive at', async (_name, body) => {
    const server = await serve(chain(2));
    const answer = await server.post('/config', body);
    expect([answer.status, answer.text]).toEqual([
      200,
      '{"sliceid": 1, "message": "updated integrity hash"}',
    ]);
    expect((await server.get('/config?sliceid=1')).json()).toMatchObject({ expected_integrity_hash: HASH });
    expect((await server.get('/job?jobid=1', JSON_ONLY)).json()).toMatchObject({
      expected_integrity_hash: HASH,
    });
  });

  test.each([
    [{ end_block_num: 1000, integrity_hash: HASH }, '1000'],
    [{ end_block_num: '0005', integrity_hash: HASH }, '0005'],
    [{ end_block_num: 5, integrity_hash: HASH }, '5'],
    [{ end_block_num: 1100, integrity_hash: HASH, leap_version: '4.0.6' }, '1100'],
    [{ end_block_num: 1100, integrity_hash: HASH, spring_version: '5.0.2' }, '1100'],
  ])('%j is 404 with the number as asked', async (body, number) => {
    const server = await serve(chain(2));
    const answer = await server.post('/config', body);
    expect([answer.status, answer.text]).toEqual([404, `Config Record with ${number} Not found`]);
  });

  test.each([
    [{ integrity_hash: HASH }, /^end_block_num is required/],
    [{ end_block_num: 'x', integrity_hash: HASH }, /^end_block_num must be/],
    [{ end_block_num: 1100 }, /^integrity_hash is required/],
    [{ end_block_num: 1100, integrity_hash: 'abc' }, /^integrity_hash must be 64 hex digits/],
    [{ end_block_num: 1100, expected_integrity_hash: 'abc' }, /^expected_integrity_hash must be 64 hex/],
    [{ end_block_num: 1100, integrity_hash: 7 }, /^integrity_hash must be 64 hex digits/],
    ['[]', /^The body must be a JSON object/],
    ['x', /^The body must be JSON/],
  ])('%j is 400', async (body, message) => {
    const server = await serve(chain(2));
    const answer = await server.post('/config', body);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(message);
  });

  test('the same hash once more changes nothing', async () => {
    const server = await serve(chain(2));
    await server.post('/config', { end_block_num: 1100, integrity_hash: HASH });
    const before = await server.get('/job?jobid=1', FULL);
    const answer = await server.post('/config', { end_block_num: 1100, integrity_hash: HASH });
    expect(answer.status).toBe(200);
    expect((await server.get('/job?jobid=1', FULL)).etag).toBe(before.etag);
  });

  test('a hash that the manifest knew is kept as K, and the verdict follows', async () => {
    const known = hashOf('b');
    const [first = {}, second = {}] = chain(2);
    const server = await serve([{ ...first, expected_integrity_hash: known }, second]);
    await complete(server, 'a', HASH);
    expect((await server.get('/job?jobid=1', FULL)).json()).toMatchObject({
      status: 'HASH_MISMATCH',
      verdict: 'MISMATCH',
    });
    await server.post('/config', { end_block_num: 1100, integrity_hash: HASH });
    expect((await server.get('/job?jobid=1', FULL)).json()).toMatchObject({
      status: 'COMPLETE',
      verdict: 'VERIFIED',
      expected_integrity_hash: HASH,
      known_integrity_hash: known,
    });
    expect((await server.get('/summary', JSON_ONLY)).json()).toMatchObject({
      jobs_failed: 0,
      hash_conflicts: [{ block: 1100, configid: 1, actual: HASH, snapshot: HASH, known }],
    });
  });

  test('two hashes of one snapshot are a conflict that names both', async () => {
    const server = await serve(chain(2));
    await complete(server, 'a', HASH);
    await server.post('/config', { end_block_num: 1100, integrity_hash: hashOf('c') });
    await server.post('/config', { end_block_num: 1100, integrity_hash: HASH });
    expect((await server.get('/summary', JSON_ONLY)).json()).toMatchObject({
      hash_conflicts: [{ block: 1100, actual: HASH, snapshot: HASH, older_snapshots: [hashOf('c')] }],
    });
  });

  test('the verdict is pending until the next slice has reported, and is then settled', async () => {
    const server = await serve(chain(2));
    await complete(server, 'a', HASH);
    expect((await server.get('/job?jobid=1', FULL)).json()).toMatchObject({
      status: 'COMPLETE',
      verdict: 'PENDING',
    });
    await server.post('/config', { end_block_num: 1100, integrity_hash: hashOf('c') });
    expect((await server.get('/job?jobid=1', FULL)).json()).toMatchObject({
      status: 'HASH_MISMATCH',
      verdict: 'MISMATCH',
      error_cause: 'hash-mismatch',
    });
  });

  describe('with slices of two versions that end at the block', () => {
    const spring = { leap_version: undefined, spring_version: '1.2.2' };
    const entries = [
      entry(1000, 1100),
      entry(1100, 1200),
      entry(1000, 1100, spring),
      entry(1100, 1200, spring),
    ];

    test('a version in the request decides', async () => {
      const server = await serve(entries);
      const body = { end_block_num: 1100, integrity_hash: HASH, spring_version: 'v1.2.2' };
      expect((await server.post('/config', body)).json()).toMatchObject({ sliceid: 3 });
      expect((await server.get('/config?sliceid=1')).json()).toMatchObject({ expected_integrity_hash: '' });
    });

    test('else the version of the slice that the caller holds and that starts there', async () => {
      const server = await serve(entries);
      for (const worker of ['a', 'b', 'c', 'd']) await claim(server, worker);
      const body = { end_block_num: 1100, integrity_hash: HASH };
      expect((await server.post('/config', body, { 'X-Replay-Worker': 'd' })).json()).toMatchObject({
        sliceid: 3,
      });
      expect((await server.post('/config', body, { 'X-Replay-Worker': 'b' })).json()).toMatchObject({
        sliceid: 1,
      });
    });

    test('else the first in the manifest', async () => {
      const server = await serve(entries);
      expect(
        (await server.post('/config', { end_block_num: 1100, integrity_hash: HASH })).json(),
      ).toMatchObject({ sliceid: 1 });
    });
  });

  test('nodeos_version makes another version too', async () => {
    const server = await serve([
      entry(1000, 1100),
      entry(1100, 1200, { nodeos_version: '5.0.3' }),
      entry(1000, 1100, { nodeos_version: '5.0.3' }),
    ]);
    for (const worker of ['a', 'b']) await claim(server, worker);
    const body = { end_block_num: 1100, integrity_hash: HASH, leap_version: '5.0.2' };
    const answer = await server.post('/config', body, { 'X-Replay-Worker': 'b' });
    expect(answer.json()).toMatchObject({ sliceid: 3 });
    expect((await server.get('/config?sliceid=1')).json()).toMatchObject({ expected_integrity_hash: '' });
  });

  test('a holder of another version gives its hash to nobody', async () => {
    const server = await serve([
      entry(1000, 1100),
      entry(1100, 1200, { leap_version: undefined, spring_version: '1.2.2' }),
    ]);
    await claim(server, 'a');
    await claim(server, 'b');
    const answer = await server.post(
      '/config',
      { end_block_num: 1100, integrity_hash: HASH },
      { 'X-Replay-Worker': 'b' },
    );
    expect(answer.status).toBe(404);
    expect((await server.get('/config?sliceid=1')).json()).toMatchObject({ expected_integrity_hash: '' });
  });

  test('a worker that has lost its job still speaks for the build that it loaded the snapshot with', async () => {
    const server = await serve(chain(2));
    const first = await claim(server, 'a');
    const second = await claim(server, 'b');
    const as = (worker: string, etag: string) => ({ 'X-Replay-Worker': worker, 'If-Match': etag });
    const loading = { status: 'LOADING_SNAPSHOT', nodeos_version: 'v5.0.3' };
    await server.post('/job?jobid=2', loading, as('b', second.etag));
    await server.post('/job?jobid=2', { status: 'WAITING_4_WORKER' }, { 'If-Match': '*' });
    const done = { status: 'COMPLETE', actual_integrity_hash: HASH, nodeos_version: 'v5.0.2' };
    await server.post('/job?jobid=1', done, as('a', first.etag));

    const late = await server.post(
      '/config',
      { end_block_num: 1100, integrity_hash: hashOf('c') },
      { 'X-Replay-Worker': 'b' },
    );

    expect(late.status).toBe(200);
    // A hash of another build says nothing of this one.
    expect((await server.get('/job?jobid=1', FULL)).json()).toMatchObject({
      status: 'COMPLETE',
      verdict: 'PENDING',
    });
  });
});
