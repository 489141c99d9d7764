import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createToken, revokeToken } from '../../../../src/core/orchestrator/access/manage-tokens.ts';
import { tokenFileOf } from '../../../../src/core/orchestrator/access/token-file.ts';
import { chain, serve, type Running } from '../harness.ts';
import { bearer, SERVE_TOKEN } from './scene.ts';

const given = { token: SERVE_TOKEN, noAuth: false, allowedHosts: [] };
const noAuth = { token: null, noAuth: true, allowedHosts: [] };

const isOpen = async (server: Running) => (await server.get('/status')).status === 200;
const keptIn = async (server: Running) => (await readFile(join(server.dataDir, 'token'), 'utf8')).trim();

describe('who is asked for a token', () => {
  test('nobody on loopback, as long as there is no token', async () => {
    const server = await serve(chain(1));
    expect(await isOpen(server)).toBe(true);
    await expect(stat(join(server.dataDir, 'token'))).rejects.toThrow('ENOENT');
    expect(server.log.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  test('everybody on loopback, once one is given', async () => {
    const server = await serve(chain(1), { access: given });
    expect(await isOpen(server)).toBe(false);
    expect((await server.get('/status', bearer(SERVE_TOKEN))).status).toBe(200);
  });

  test('everybody on loopback, once one was made by a person, and it stays so', async () => {
    const server = await serve(chain(1));
    const request = { name: null, rights: ['read' as const], validForMs: null };
    const { token, stored } = await createToken(server.dataDir, request, new Date());
    const guarded = await server.restart();
    expect(await isOpen(guarded)).toBe(false);
    expect((await guarded.get('/status', bearer(token))).status).toBe(200);
    await revokeToken(server.dataDir, stored.id);
    expect(await isOpen(await guarded.restart())).toBe(false);
  });

  test('everybody on any other address: a token is made, kept for its owner only, and kept over restarts', async () => {
    const server = await serve(chain(1), { host: '0.0.0.0' });
    expect(await isOpen(server)).toBe(false);
    const token = await keptIn(server);
    expect(token).toMatch(/^rpl_[\w-]{43}$/);
    expect((await stat(join(server.dataDir, 'token'))).mode & 0o777).toBe(0o600);
    expect((await server.get('/status', bearer(token))).status).toBe(200);
    expect((await server.get('/job?nextjob', bearer(token))).status).toBe(200);
    const restarted = await server.restart();
    expect(await keptIn(restarted)).toBe(token);
    const log = JSON.stringify([...server.log, ...restarted.log]);
    expect(log).not.toContain(token);
    // Also on loopback from now on: somebody has begun to use tokens.
    expect(await isOpen(await restarted.restart({ host: '127.0.0.1' }))).toBe(false);
  });

  test('nobody with --no-auth, which warns where others can reach the port', async () => {
    const server = await serve(chain(1), { host: '0.0.0.0', access: noAuth });
    expect(await isOpen(server)).toBe(true);
    expect(server.log).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringContaining('no access control') }),
    );
    const local = await serve(chain(1), { access: noAuth });
    expect(local.log.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  test('a given token takes the place of the kept one', async () => {
    const server = await serve(chain(1), { host: '0.0.0.0' });
    const kept = await keptIn(server);
    const restarted = await server.restart({ access: given });
    expect((await restarted.get('/status', bearer(kept))).status).toBe(401);
    expect((await restarted.get('/status', bearer(SERVE_TOKEN))).status).toBe(200);
  });
});

describe('a start is refused', () => {
  test('when the list of tokens is damaged: nobody knows who was let in', async () => {
    const server = await serve(chain(1));
    await server.close();
    await writeFile(tokenFileOf(server.dataDir), '{');
    await expect(server.restart()).rejects.toMatchObject({ code: 'TOKENS_UNREADABLE', exitCode: 6 });
  });

  test('when the kept token is empty or too weak', async () => {
    const server = await serve(chain(1));
    await server.close();
    await writeFile(join(server.dataDir, 'token'), '\n');
    await expect(server.restart()).rejects.toMatchObject({ code: 'TOKEN_UNUSABLE', exitCode: 6 });
  });
});
