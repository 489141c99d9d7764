import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { revokeToken } from '../../../../src/core/orchestrator/access/manage-tokens.ts';
import { readTokens, tokenFileOf } from '../../../../src/core/orchestrator/access/token-file.ts';
import { chain, serve, type Running } from '../harness.ts';
import { bearer, guarded, SERVE_TOKEN, type Guarded } from './scene.ts';

const nonce = (char: string) => char.repeat(43);

interface Given {
  token: string;
  id: string;
  expires_at: string;
}

async function joinToken({ server }: Guarded, more: object = {}): Promise<Given> {
  const answer = await server.post('/tokens/join', { uses: 2, ...more }, bearer(SERVE_TOKEN));
  expect(answer.status).toBe(200);
  return answer.json() as Given;
}

const join = (server: Running, token: string, host: string) =>
  server.post('/join', { nonce: nonce(host), name: host }, { ...bearer(token), Accept: 'application/json' });

describe('a join token', () => {
  test('is exchanged for a token of the host, which works at once and until its own end', async () => {
    const scene = await guarded();
    const { server } = scene;
    const { token } = await joinToken(scene, { worker_valid_seconds: 7200 });
    const joined = await join(server, token, 'a');
    const own = joined.json() as Given;
    expect(own.expires_at).toBe('2026-11-22T12:51:26.000Z');
    expect((await server.get('/job?nextjob', bearer(own.token))).status).toBe(200);
    expect((await server.post('/host/clear?worker=a', {}, bearer(own.token))).status).toBe(403);
    server.clock.now = new Date('2026-11-22T12:51:26Z');
    expect((await server.get('/status', bearer(own.token))).status).toBe(401);
  });

  test('is good for joining and for the program, and for nothing else', async () => {
    const scene = await guarded();
    const { token } = await joinToken(scene);
    const asked = ['/status', '/job?nextjob', '/summary', '/openapi.json', '/hosts'];
    for (const path of asked) expect((await scene.server.get(path, bearer(token))).status).toBe(403);
    expect((await scene.server.post('/tokens/join', {}, bearer(token))).status).toBe(403);
    expect((await scene.server.get('/replay', bearer(token))).status).toBe(404);
  });

  test('is used once by a host that asks again because the answer was lost', async () => {
    const scene = await guarded();
    const { token } = await joinToken(scene);
    const first = (await join(scene.server, token, 'a')).json();
    expect((await join(scene.server, token, 'a')).json()).toEqual(first);
    expect((await join(scene.server, token, 'b')).status).toBe(200);
    const third = await join(scene.server, token, 'c');
    expect([third.status, third.json()]).toMatchObject([403, { error: { code: 'JOIN_TOKEN_USED_UP' } }]);
    expect((await join(scene.server, token, 'a')).json()).toEqual(first);
  });

  test('serves as many hosts at once as it is for, and each gets its own', async () => {
    const scene = await guarded();
    const { token } = await joinToken(scene, { uses: 20 });
    const hosts = Array.from('abcdefghijklmnopqrstuvwxy');
    const answers = await Promise.all(hosts.map((host) => join(scene.server, token, host)));
    const tokens = answers
      .filter(({ status }) => status === 200)
      .map((answer) => (answer.json() as Given).token);
    expect(tokens).toHaveLength(20);
    expect(new Set(tokens).size).toBe(20);
  });

  test('ends with its time, and its hosts stay', async () => {
    const scene = await guarded();
    const { server } = scene;
    const { token } = await joinToken(scene, { valid_seconds: 60 });
    const own = (await join(server, token, 'a')).json() as Given;
    server.clock.now = new Date(server.clock.now.getTime() + 60_000);
    expect((await join(server, token, 'b')).status).toBe(401);
    expect((await server.get('/status', bearer(own.token))).status).toBe(200);
  });

  test('and the tokens of hosts leave the list when they are over', async () => {
    const scene = await guarded();
    const { server } = scene;
    const { token } = await joinToken(scene, { worker_valid_seconds: 60, valid_seconds: 60 });
    await join(server, token, 'a');
    const kept = await scene.token(['read'], 1000);
    server.clock.now = new Date(server.clock.now.getTime() + 60_000);
    const { id } = await joinToken(scene);
    const left = await readTokens(tokenFileOf(server.dataDir));
    expect(left.map((stored) => stored.id)).toEqual([kept.id, id]);
  });

  test('that is revoked takes no host in any more', async () => {
    const scene = await guarded();
    const { token, id } = await joinToken(scene);
    const own = (await join(scene.server, token, 'a')).json() as Given;
    await scene.revoke(id);
    expect((await join(scene.server, token, 'b')).status).toBe(401);
    // A second may pass before it is noticed; the list itself is asked all the same.
    const again = await joinToken(scene);
    await revokeToken(scene.server.dataDir, again.id);
    const gone = await join(scene.server, again.token, 'b');
    expect([gone.status, gone.json()]).toMatchObject([403, { error: { code: 'JOIN_TOKEN_GONE' } }]);
    expect((await scene.server.get('/status', bearer(own.token))).status).toBe(200);
  });

  test('is on the disk and in the log as little as what it was exchanged for', async () => {
    const scene = await guarded();
    const { token } = await joinToken(scene);
    const own = (await join(scene.server, token, 'a')).json() as Given;
    const kept = await readFile(tokenFileOf(scene.server.dataDir), 'utf8');
    for (const secret of [token, own.token, nonce('a')]) {
      expect(kept).not.toContain(secret);
      expect(JSON.stringify(scene.server.log)).not.toContain(secret);
    }
  });

  test.each([
    [{}, 'nonce is required'],
    [{ nonce: 'short' }, 'nonce is required'],
    [{ nonce: `${nonce('a')}\n` }, 'nonce is required'],
    [{ nonce: nonce('a'), name: 7 }, 'name must be a string'],
  ])('is not used by %j', async (body, problem) => {
    const scene = await guarded();
    const { token } = await joinToken(scene, { uses: 1 });
    const refused = await scene.server.post('/join', body, bearer(token));
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(problem)]);
    expect((await join(scene.server, token, 'a')).status).toBe(200);
  });

  test.each([{ uses: 0 }, { uses: 1001 }, { uses: 1.5 }, { valid_seconds: 8 * 86_400 }, { name: [] }])(
    'is not made from %j',
    async (body) => {
      const { server } = await guarded();
      expect((await server.post('/tokens/join', body, bearer(SERVE_TOKEN))).status).toBe(400);
    },
  );
});

describe('who needs no token of its own gets none', () => {
  test('with the right work', async () => {
    const { server, token } = await guarded();
    const { token: work } = await token(['work']);
    expect((await join(server, work, 'a')).json()).toEqual({ token: null, id: null, expires_at: null });
  });

  test('where nobody is asked for one', async () => {
    const server = await serve(chain(1));
    expect((await server.post('/join', { nonce: nonce('a') })).json()).toMatchObject({ token: null });
    expect((await server.post('/tokens/join', { uses: 3 })).json()).toMatchObject({ token: null, uses: 3 });
  });
});
