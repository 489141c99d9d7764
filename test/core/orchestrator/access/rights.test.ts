import { describe, expect, test } from 'vitest';
import { createToken } from '../../../../src/core/orchestrator/access/manage-tokens.ts';
import type { Right } from '../../../../src/core/orchestrator/access/rights.ts';
import { requiredRight } from '../../../../src/core/orchestrator/access/required-right.ts';
import { joinRoutes } from '../../../../src/core/orchestrator/access/join-routes.ts';
import { routesOf } from '../../../../src/core/orchestrator/routes/routes.ts';
import { hashOf, JSON_ONLY, type Running } from '../harness.ts';
import { basic, bearer, guarded, SERVE_TOKEN } from './scene.ts';

/** Every request of the protocol with the least right that it needs; null: none. */
const REQUESTS: [method: string, path: string, needed: Right | null][] = [
  ['GET', '/healthcheck', null],
  ['HEAD', '/healthcheck', null],
  ['GET', '/signin', null],
  ['GET', '/status', 'read'],
  ['HEAD', '/status', 'read'],
  ['GET', '/status?sliceid=1', 'read'],
  ['GET', '/summary', 'read'],
  // A stream would not end; of a job that there is not, there is none.
  ['GET', '/events?jobid=999', 'read'],
  ['GET', '/summary?run=2', 'read'],
  ['GET', '/runs', 'read'],
  ['GET', '/openapi.json', 'read'],
  ['GET', '/history', 'read'],
  ['GET', '/forecast?boot_seconds=180', 'read'],
  ['GET', '/metrics', 'read'],
  ['GET', '/config?sliceid=1', 'read'],
  ['GET', '/job?jobid=1', 'read'],
  ['GET', '/job/rates?jobid=1', 'read'],
  ['GET', '/job/log?jobid=1', 'read'],
  ['GET', '/job/evidence?jobid=1', 'read'],
  ['GET', '/job/evidence.tar.zst?jobid=1', 'read'],
  ['GET', '/nothing', 'read'],
  ['DELETE', '/job', 'read'],
  ['POST', '/status', 'read'],
  ['GET', '/job', 'work'],
  ['GET', '/job?nextjob', 'work'],
  ['HEAD', '/job?nextjob', 'work'],
  ['POST', '/job?jobid=1', 'work'],
  ['POST', '/config', 'work'],
  ['POST', '/job/log?jobid=1', 'work'],
  ['POST', '/job/evidence?jobid=1', 'work'],
  ['GET', '/hosts', 'read'],
  ['HEAD', '/hosts', 'read'],
  ['GET', '/hosts?workerid=a', 'read'],
  ['POST', '/hosts', 'read'],
  ['GET', '/host/report', 'read'],
  ['POST', '/host/report', 'work'],
  ['GET', '/replay', 'work'],
  ['POST', '/join', 'work'],
  ['POST', '/tokens/join', 'admin'],
  ['POST', '/host/selfcheck', 'work'],
  ['POST', '/host/clear', 'admin'],
  ['POST', '/hosts/dismiss', 'admin'],
  ['GET', '/fleet', 'read'],
  ['HEAD', '/fleet', 'read'],
  ['POST', '/fleet', 'read'],
  ['POST', '/fleet/turn', 'admin'],
  ['POST', '/fleet/up', 'admin'],
  ['POST', '/fleet/down', 'admin'],
  ['GET', '/fleet/up', 'read'],
  ['GET', '/session', 'read'],
  ['GET', '/jobs', 'read'],
  ['GET', '/', 'read'],
  ['GET', '/jobs/1', 'read'],
  ['GET', '/slices/1', 'read'],
  ['GET', '/hosts/a', 'read'],
  ['GET', '/control', 'read'],
  ['GET', '/runs/compare', 'read'],
  ['GET', '/report', 'read'],
  ['GET', '/assets/index-1a2b.js', null],
  ['POST', '/jobs/retry', 'admin'],
  ['POST', '/run', 'admin'],
  ['POST', '/manifest/check', 'admin'],
  ['POST', '/run/pause', 'admin'],
  ['POST', '/run/resume', 'admin'],
  ['GET', '/run/pause', 'read'],
];

const LADDER: Right[] = ['read', 'work', 'admin'];

describe('each request with each right', () => {
  test.each(REQUESTS)('%s %s needs %s', async (method, path, needed) => {
    const { server, token } = await guarded();
    const send = (headers: Record<string, string> = {}) => server.request(method, path, { headers });
    expect((await send()).status === 401).toBe(needed !== null);
    for (const right of LADDER) {
      const { token: value } = await token([right]);
      const { status } = await send(bearer(value));
      expect(status).not.toBe(401);
      const enough = needed === null || LADDER.indexOf(right) >= LADDER.indexOf(needed);
      expect([right, status === 403]).toEqual([right, !enough]);
    }
  });

  test('a right contains those below it, and not those above', async () => {
    const { server, token } = await guarded();
    const work = bearer((await token(['work'])).token);
    expect((await server.get('/status', work)).status).toBe(200);
    const none = bearer((await token([])).token);
    expect((await server.get('/status', none)).status).toBe(403);
  });

  test('every path that is served is among them', () => {
    const served = [...routesOf({} as never), ...joinRoutes(null)].flatMap((route) =>
      (['GET', 'POST'] as const).filter((method) => route[method]).map((method) => `${method} ${route.path}`),
    );
    const tested = new Set(REQUESTS.map(([method, path]) => `${method} ${path.split('?')[0]}`));
    expect(served.filter((request) => !tested.has(request))).toEqual([]);
  });

  test('a path that nobody has thought of is for those who may do everything', () => {
    expect(requiredRight('/new', 'GET', new URLSearchParams())).toBe('admin');
    expect(requiredRight('/new', 'POST', new URLSearchParams())).toBe('admin');
  });
});

describe('a token', () => {
  test('comes as a bearer token, or as the password of any user', async () => {
    const { server } = await guarded();
    for (const headers of [bearer(SERVE_TOKEN), basic('', SERVE_TOKEN), basic('older-client', SERVE_TOKEN)]) {
      expect((await server.get('/status', headers)).status).toBe(200);
    }
  });

  test('that is missing, wrong or in no known form is 401 and says what is expected', async () => {
    const { server } = await guarded();
    const answers = [
      await server.get('/status'),
      await server.get('/status', bearer('rpl_wrong-wrong-wrong')),
      await server.get('/status', { Authorization: 'Digest x' }),
      await server.get('/status', bearer(`${SERVE_TOKEN}x`)),
    ];
    expect(
      answers.map(({ status, text, headers }) => [status, text, headers.get('www-authenticate')]),
    ).toEqual([
      [401, 'A token is needed here', 'Bearer realm="replay"'],
      [401, 'The token is not valid', 'Bearer realm="replay", error="invalid_token"'],
      [401, 'The header Authorization is not understood', 'Bearer realm="replay", error="invalid_request"'],
      [401, 'The token is not valid', 'Bearer realm="replay", error="invalid_token"'],
    ]);
  });

  test('counts as soon as it is made, also right after others were looked up', async () => {
    const { server } = await guarded();
    expect((await server.get('/status', bearer(SERVE_TOKEN))).status).toBe(200);
    const request = { name: null, rights: ['read' as const], validForMs: null };
    const { token } = await createToken(server.dataDir, request, server.clock.now);
    expect((await server.get('/status', bearer(token))).status).toBe(200);
  });

  test('that has expired or was revoked is 401', async () => {
    const { server, token, revoke } = await guarded();
    const short = await token(['read'], 60_000);
    const long = await token(['read']);
    expect((await server.get('/status', bearer(short.token))).status).toBe(200);
    server.clock.now = new Date(server.clock.now.getTime() + 60_000);
    const expired = await server.get('/status', bearer(short.token));
    expect([expired.status, expired.text]).toEqual([401, 'The token has expired']);
    expect((await server.get('/status', bearer(long.token))).status).toBe(200);
    await revoke(long.id);
    expect((await server.get('/status', bearer(long.token))).status).toBe(401);
  });

  test('is answered about as JSON on the added paths', async () => {
    const { server, token } = await guarded();
    const { token: read } = await token(['read']);
    const missing = await server.get('/job/log?jobid=1', JSON_ONLY);
    expect([missing.status, missing.json()]).toEqual([
      401,
      { error: expect.objectContaining({ code: 'TOKEN_MISSING', message: 'A token is needed here' }) },
    ]);
    const headers = { ...JSON_ONLY, ...bearer(read) };
    const refused = await server.post('/job/log?jobid=1', 'x', headers);
    expect([refused.status, refused.json()]).toEqual([
      403,
      { error: expect.objectContaining({ code: 'RIGHT_MISSING' }) },
    ]);
    // On the paths of the older service it stays text.
    expect((await server.get('/status', JSON_ONLY)).text).toBe('A token is needed here');
  });

  test('that is wrong slows its next tries down, and is logged without itself', async () => {
    const { server, clock } = await guarded();
    const wrong = ['rpl_first-wrong-token-of-all', 'another-wrong-token'];
    for (const token of wrong) await server.get('/status', bearer(token));
    await server.get('/status', basic('somebody', 'a-third-wrong-token'));
    expect(clock.slept).toEqual([250, 500, 1000]);
    const failures = server.log.filter(({ message }) => message === 'a sign-in has failed');
    expect(failures.map(({ level, fields }) => [level, fields])).toEqual([
      ['warn', { address: '127.0.0.1', reason: 'unknown', failures: 1 }],
      ['warn', { address: '127.0.0.1', reason: 'unknown', failures: 2 }],
      ['warn', { address: '127.0.0.1', reason: 'unknown', failures: 3 }],
    ]);
    await server.get('/status', bearer(SERVE_TOKEN));
    const log = JSON.stringify(server.log);
    for (const secret of [...wrong, 'a-third-wrong-token', SERVE_TOKEN]) expect(log).not.toContain(secret);
  });
});

describe('another run of a job', () => {
  async function finished() {
    const scene = await guarded();
    const { server, token } = scene;
    const [work, admin] = [(await token(['work'])).token, (await token(['admin'])).token];
    const as = (value: string, worker: string) => ({ ...bearer(value), 'X-Replay-Worker': worker });
    const offered = await server.get('/job?nextjob', as(work, 'a'));
    const claimed = await server.post(
      '/job?jobid=1',
      { status: 'STARTED' },
      { ...as(work, 'a'), 'If-Match': offered.etag },
    );
    return { ...scene, as, work, admin, etag: claimed.etag };
  }

  const putBack = (server: Running, headers: Record<string, string>, etag: string) =>
    server.post('/job?jobid=1', { status: 'WAITING_4_WORKER' }, { ...headers, 'If-Match': etag });

  test('is not for a worker to ask, once the job has ended', async () => {
    const { server, as, work, admin, etag } = await finished();
    const body = { status: 'COMPLETE', actual_integrity_hash: hashOf('a') };
    const done = await server.post('/job?jobid=1', body, { ...as(work, 'a'), 'If-Match': etag });
    expect(done.status).toBe(200);
    const refused = await putBack(server, as(work, 'a'), done.etag);
    expect([refused.status, refused.text]).toEqual([
      403,
      'The right "admin" is needed to ask for another run of a job; this token has: work',
    ]);
    expect((await server.get('/job?jobid=1', bearer(work))).etag).toBe(done.etag);
    expect((await putBack(server, as(admin, 'b'), done.etag)).status).toBe(200);
  });

  test('by its holder gives the job back; by another worker it is refused', async () => {
    const { server, as, work, etag } = await finished();
    expect((await putBack(server, as(work, 'b'), etag)).status).toBe(403);
    expect((await putBack(server, as(work, 'a'), etag)).status).toBe(200);
  });

  test('is not the only way to take a job from its holder: a failure without a name needs the right, too', async () => {
    const { server, work, admin, etag } = await finished();
    const fail = (value: string) =>
      server.post('/job?jobid=1', { status: 'ERROR' }, { ...bearer(value), 'If-Match': etag });
    const refused = await fail(work);
    expect([refused.status, refused.text]).toEqual([
      403,
      'The right "admin" is needed to speak for the worker that holds a job; this token has: work',
    ]);
    expect((await fail(admin)).status).toBe(200);
  });

  test('by a person takes the job from its holder', async () => {
    const { server, admin, etag } = await finished();
    expect((await putBack(server, bearer(admin), etag)).status).toBe(200);
  });
});
