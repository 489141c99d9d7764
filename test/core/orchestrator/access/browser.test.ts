import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { SESSION_MS } from '../../../../src/core/orchestrator/access/sessions.ts';
import { chain, serve, type Answer, type Running } from '../harness.ts';
import { basic, bearer, guarded, SERVE_TOKEN } from './scene.ts';

const PAGE = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const FORM = { ...PAGE, 'Content-Type': 'application/x-www-form-urlencoded' };

/** What a browser sends along when a page of ours sends the request. */
const ownPage = (server: Running) => ({ Origin: server.url, 'Sec-Fetch-Site': 'same-origin' });

const signIn = (server: Running, token: string, next = '/summary', headers = {}) =>
  server.post('/signin', new URLSearchParams({ token, next }).toString(), {
    ...FORM,
    ...ownPage(server),
    ...headers,
  });

/** The pair that the browser sends back. */
const cookieOf = (answer: Answer) => ({
  Cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '',
});

describe('a browser', () => {
  test('is sent to the form, and back to where it wanted to go', async () => {
    const { server } = await guarded();
    const sent = await server.get('/job?jobid=1', PAGE);
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/signin?next=%2Fjob%3Fjobid%3D1']);
    const form = await server.get('/signin?next=%2Fjob%3Fjobid%3D1', PAGE);
    expect(form.status).toBe(200);
    expect(form.text).toContain('name="next" value="/job?jobid=1"');
    expect(form.text).not.toContain('<script');
    expect(form.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    // Anything stricter, and the form would not name its origin.
    expect(form.headers.get('referrer-policy')).toBe('same-origin');
    const done = await signIn(server, SERVE_TOKEN, '/job?jobid=1');
    expect([done.status, done.headers.get('location')]).toEqual([303, '/job?jobid=1']);
    const page = await server.get('/job?jobid=1', { ...PAGE, ...cookieOf(done) });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  test('gets a cookie that is neither the token nor for scripts or other sites', async () => {
    const { server } = await guarded();
    const cookie = (await signIn(server, SERVE_TOKEN)).headers.get('set-cookie') ?? '';
    const { port } = new URL(server.url);
    expect(cookie).toMatch(
      new RegExp(`^replay_session_${port}=[\\w-]{43}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict$`),
    );
    expect(cookie).not.toContain(SERVE_TOKEN);
  });

  test('that came by https gets it for https only', async () => {
    const { server } = await guarded();
    const origin = { Host: 'replay.example', Origin: 'https://replay.example' };
    expect((await signIn(server, SERVE_TOKEN, '/', origin)).headers.get('set-cookie')).toMatch(/; Secure$/);
    const claimed = await signIn(server, SERVE_TOKEN, '/', { 'X-Forwarded-Proto': 'https' });
    expect(claimed.headers.get('set-cookie')).not.toContain('Secure');
    const { server: behind } = await guarded({ trustedProxies: ['127.0.0.1'] });
    const proxied = await signIn(behind, SERVE_TOKEN, '/', { 'X-Forwarded-Proto': 'https' });
    expect(proxied.headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  test('is not sent to other sites', async () => {
    const { server } = await guarded();
    for (const next of ['//evil.example/', 'https://evil.example/', '/\\evil.example']) {
      expect((await signIn(server, SERVE_TOKEN, next)).headers.get('location')).toBe('/');
    }
    const form = await server.get(`/signin?next=${encodeURIComponent('"><script>x</script>')}`, PAGE);
    expect(form.text).not.toContain('<script');
  });

  test('with a wrong token gets the form again, 401, and no cookie', async () => {
    const { server, clock } = await guarded();
    const answer = await signIn(server, 'a-wrong-token-of-someone');
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    expect(answer.text).toContain('The token is not valid.');
    expect(answer.text).not.toContain('a-wrong-token-of-someone');
    expect(clock.slept).toEqual([250]);
    expect(JSON.stringify(server.log)).not.toContain('a-wrong-token-of-someone');
  });

  test('has the rights of its token, as long as that is in force', async () => {
    const { server, token, revoke } = await guarded();
    const { token: read, id } = await token(['read']);
    const cookie = cookieOf(await signIn(server, read));
    expect((await server.get('/status', cookie)).status).toBe(200);
    expect((await server.get('/job?nextjob', cookie)).status).toBe(403);
    expect((await server.get('/signin', { ...PAGE, ...cookie })).text).toContain('Rights: read');
    await revoke(id);
    expect((await server.get('/status', cookie)).status).toBe(401);
  });

  test('is signed out after twelve hours, by a restart, or when it asks', async () => {
    const { server, clock } = await guarded();
    const first = cookieOf(await signIn(server, SERVE_TOKEN));
    clock.at += SESSION_MS - 1;
    expect((await server.get('/status', first)).status).toBe(200);
    clock.at += 1;
    expect((await server.get('/status', first)).status).toBe(401);
    const second = cookieOf(await signIn(server, SERVE_TOKEN));
    const out = await server.post('/signout', '', { ...PAGE, ...second, ...ownPage(server) });
    expect([out.status, out.headers.get('location')]).toEqual([303, '/signin']);
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await server.get('/status', second)).status).toBe(401);
    const third = cookieOf(await signIn(server, SERVE_TOKEN));
    const restarted = await server.restart({ port: Number(new URL(server.url).port) });
    expect((await restarted.get('/status', third)).status).toBe(401);
  });

  test('with an invented cookie is nobody', async () => {
    const { server } = await guarded();
    const { port } = new URL(server.url);
    for (const value of ['', 'x', '__proto__', 'a'.repeat(43)]) {
      const cookie = { Cookie: `replay_session_${port}=${value}` };
      expect((await server.get('/status', cookie)).status).toBe(401);
    }
  });
});

describe('a page of another site', () => {
  const ATTEMPTS: [name: string, headers: Record<string, string>][] = [
    ['a form, in an older browser', { Origin: 'http://evil.example' }],
    ['a form of a sandboxed frame', { Origin: 'null' }],
    ['a form', { Origin: 'http://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['a page of the same site on another port', { 'Sec-Fetch-Site': 'same-site' }],
    ['a page that hides where it comes from', { 'Sec-Fetch-Site': 'cross-site' }],
  ];
  const body = '{"end_block_num": 1100, "integrity_hash": "x"}';

  test.each(ATTEMPTS)('cannot use the cookie: %s', async (_, headers) => {
    const { server } = await guarded();
    const cookie = cookieOf(await signIn(server, SERVE_TOKEN));
    const answer = await server.post('/config', body, {
      ...cookie,
      ...headers,
      'Content-Type': 'text/plain',
    });
    expect([answer.status, answer.text]).toEqual([
      403,
      'A request of a page of another site is not accepted',
    ]);
  });

  test.each(ATTEMPTS)('cannot use an open orchestrator: %s', async (_, headers) => {
    const server = await serve(chain(1));
    const answer = await server.post('/config', body, { ...headers, 'Content-Type': 'text/plain' });
    expect(answer.status).toBe(403);
  });

  test.each(ATTEMPTS)('cannot use what the browser knows as user and password: %s', async (_, headers) => {
    const { server } = await guarded();
    expect((await server.post('/config', body, { ...basic('u', SERVE_TOKEN), ...headers })).status).toBe(403);
  });

  test.each(ATTEMPTS)('cannot sign a browser in or out: %s', async (_, headers) => {
    const { server } = await guarded();
    const form = new URLSearchParams({ token: SERVE_TOKEN }).toString();
    expect((await server.post('/signin', form, { ...FORM, ...headers })).status).toBe(403);
    const cookie = cookieOf(await signIn(server, SERVE_TOKEN));
    expect((await server.post('/signout', '', { ...cookie, ...headers })).status).toBe(403);
    expect((await server.get('/status', cookie)).status).toBe(200);
  });

  test('the cookie alone, without a word on where it comes from, changes nothing', async () => {
    const { server } = await guarded();
    const cookie = cookieOf(await signIn(server, SERVE_TOKEN));
    expect((await server.post('/config', body, cookie)).status).toBe(403);
    expect((await server.post('/config', body, { ...cookie, ...ownPage(server) })).status).toBe(400);
  });

  test('a bearer token needs no origin: a browser never sends one by itself', async () => {
    const { server } = await guarded();
    const headers = { ...bearer(SERVE_TOKEN), Origin: 'http://elsewhere.example' };
    expect((await server.post('/config', body, headers)).status).toBe(400);
  });

  test('programs, which name no origin, may use an open orchestrator', async () => {
    const server = await serve(chain(1));
    expect((await server.post('/config', body)).status).toBe(400);
    expect((await server.post('/config', body, { Origin: server.url })).status).toBe(400);
  });
});

describe('a name that an attacker points at us (DNS rebinding)', () => {
  /** fetch does not let a caller choose the Host header. */
  function ask(server: Running, host: string | null, path = '/status'): Promise<string> {
    const { port } = new URL(server.url);
    return new Promise((resolve, reject) => {
      let text = '';
      const version = host === null ? 'HTTP/1.0' : 'HTTP/1.1';
      const line = host === null ? '' : `Host: ${host.replace('PORT', port)}\r\n`;
      connect(Number(port), '127.0.0.1')
        .on('data', (chunk) => (text += chunk.toString()))
        .on('error', reject)
        .on('close', () => resolve(text.split(' ')[1] ?? ''))
        .end(`GET ${path} ${version}\r\n${line}Connection: close\r\n\r\n`);
    });
  }

  test.each([
    ['localhost:PORT', '200'],
    ['127.0.0.1:PORT', '200'],
    ['[::1]:PORT', '200'],
    ['localhost', '200'],
    ['evil.example:PORT', '421'],
    ['evil.example', '421'],
    ['127.0.0.1.evil.example:PORT', '421'],
    ['10.0.0.5:PORT', '421'],
    [null, '421'],
  ])('an open orchestrator on loopback asked as %s answers %s', async (host, status) => {
    expect(await ask(await serve(chain(1)), host)).toBe(status);
  });

  test('may be one that is allowed', async () => {
    const access = { token: null, noAuth: false, allowedHosts: ['Replay.Internal'] };
    const server = await serve(chain(1), { access });
    expect(await ask(server, 'replay.internal:80')).toBe('200');
    expect(await ask(server, 'evil.example')).toBe('421');
  });

  test('on all addresses (--no-auth) addresses are accepted, names are not', async () => {
    const access = { token: null, noAuth: true, allowedHosts: [] };
    const server = await serve(chain(1), { host: '0.0.0.0', access });
    expect(await ask(server, '10.0.0.5:PORT')).toBe('200');
    expect(await ask(server, 'evil.example:PORT')).toBe('421');
  });

  test('the health check answers under any', async () => {
    expect(await ask(await serve(chain(1)), 'evil.example', '/healthcheck')).toBe('200');
  });

  test('needs a token where one is needed, and may otherwise be any', async () => {
    const { server } = await guarded();
    expect(await ask(server, 'evil.example')).toBe('401');
  });
});
