import type * as Crypto from 'node:crypto';
import { timingSafeEqual } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  createToken,
  listTokens,
  revokeToken,
} from '../../../../src/core/orchestrator/access/manage-tokens.ts';
import { MAX_TOKENS, tokenFileOf, writeTokens } from '../../../../src/core/orchestrator/access/token-file.ts';
import { REFRESH_MS, TokenList } from '../../../../src/core/orchestrator/access/token-list.ts';
import { hashToken } from '../../../../src/core/orchestrator/access/token.ts';
import { recordingLogger } from '../harness.ts';

vi.mock('node:crypto', async (load) => {
  const crypto = await load<typeof Crypto>();
  return { ...crypto, timingSafeEqual: vi.fn<typeof timingSafeEqual>(crypto.timingSafeEqual) };
});

const NOW = new Date('2026-11-22T10:00:00Z');
const HOUR = 3_600_000;

async function scene() {
  const dataDir = await mkdtemp(join(tmpdir(), 'replay-tokens-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const { log, logger } = recordingLogger();
  const clock = { at: 0 };
  const list = new TokenList({
    path: tokenFileOf(dataDir),
    serveToken: 'token-of-serve',
    logger,
    clock: () => clock.at,
  });
  const find = async (token: string, now = NOW) => {
    await list.refresh();
    return list.find(hashToken(token), now);
  };
  const create = (validForMs: number | null = null) =>
    createToken(dataDir, { name: 'n', rights: ['work'], validForMs }, NOW);
  return { dataDir, list, find, create, clock, log };
}

describe('the tokens in force', () => {
  test('the one of serve has all rights', async () => {
    const { find } = await scene();
    expect(await find('token-of-serve')).toMatchObject({
      kind: 'valid',
      grant: { rights: ['read', 'work', 'admin'] },
    });
    expect(await find('token-of-server')).toEqual({ kind: 'unknown' });
  });

  test('one that is made counts within a second, and ends within one of being revoked', async () => {
    const { dataDir, find, create, clock, list } = await scene();
    await find('');
    const { token, stored } = await create();
    clock.at += REFRESH_MS - 1;
    expect(await find(token)).toEqual({ kind: 'unknown' });
    clock.at += 1;
    expect(await find(token)).toMatchObject({
      kind: 'valid',
      grant: { rights: ['work'], tokenId: stored.id },
    });
    await revokeToken(dataDir, stored.id);
    clock.at += REFRESH_MS;
    expect(await find(token)).toEqual({ kind: 'unknown' });
    expect(list.byId(stored.id, NOW)).toBeNull();
  });

  test('one that expires is told apart from one that never was', async () => {
    const { find, create, list } = await scene();
    const { token, stored } = await create(HOUR);
    const end = NOW.getTime() + HOUR;
    expect(await find(token, new Date(end - 1))).toMatchObject({ kind: 'valid' });
    expect(await find(token, new Date(end))).toEqual({ kind: 'expired' });
    expect(list.byId(stored.id, new Date(end))).toBeNull();
  });

  test('every one is compared, in constant time, wherever the right one stands', async () => {
    const { find, create } = await scene();
    const made = [await create(), await create(), await create()];
    const counted = [];
    for (const token of ['token-of-serve', ...made.map(({ token }) => token), 'none']) {
      await find(token);
      vi.mocked(timingSafeEqual).mockClear();
      await find(token);
      counted.push(vi.mocked(timingSafeEqual).mock.calls.length);
    }
    expect(counted).toEqual([4, 4, 4, 4, 4]);
  });

  test('a damaged file leaves them as they were, and is reported', async () => {
    const { dataDir, find, create, clock, log } = await scene();
    const { token } = await create();
    await find(token);
    for (const damage of ['{', '{"format": 2}', '{"format": 1, "tokens": [{"id": 1}]}', 'null']) {
      await writeFile(tokenFileOf(dataDir), damage);
      clock.at += REFRESH_MS;
      expect(await find(token)).toMatchObject({ kind: 'valid' });
    }
    expect(log.filter(({ level }) => level === 'error')).toHaveLength(4);
  });

  test('without the file only that of serve is left', async () => {
    const { dataDir, find, create, clock } = await scene();
    const { token } = await create();
    await find(token);
    await rm(tokenFileOf(dataDir));
    clock.at += REFRESH_MS;
    expect(await find(token)).toEqual({ kind: 'unknown' });
    expect(await find('token-of-serve')).toMatchObject({ kind: 'valid' });
  });
});

describe('the file of tokens', () => {
  test('has hashes only, and can be read by its owner only', async () => {
    const { dataDir, create } = await scene();
    const { token, stored } = await create();
    expect((await stat(tokenFileOf(dataDir))).mode & 0o777).toBe(0o600);
    expect(stored.sha256).toBe(hashToken(token).toString('hex'));
    expect(JSON.stringify(await listTokens(dataDir))).not.toContain(token.slice(4, 20));
  });

  test('loses none of many changes at the same moment', async () => {
    const { dataDir, create } = await scene();
    const made = await Promise.all(Array.from({ length: 8 }, () => create()));
    const ids = (await listTokens(dataDir)).map(({ id }) => id);
    expect(ids.toSorted()).toEqual(made.map(({ stored }) => stored.id).toSorted());
  });

  test('takes no more than can be compared with each request, and loses none for it', async () => {
    const { dataDir, create } = await scene();
    const { stored } = await create();
    const full = Array.from({ length: MAX_TOKENS }, (_, n) => ({
      ...stored,
      id: n.toString(16).padStart(8, '0'),
      sha256: n.toString(16).padStart(64, '0'),
    }));
    await writeTokens(tokenFileOf(dataDir), full);
    await expect(create()).rejects.toMatchObject({ code: 'TOO_MANY_TOKENS' });
    expect(await listTokens(dataDir)).toEqual(full);
    await revokeToken(dataDir, full[0]!.id);
    await create();
    expect(await listTokens(dataDir)).toHaveLength(MAX_TOKENS);
  });

  test('a token that is not there cannot be revoked', async () => {
    const { dataDir } = await scene();
    await expect(revokeToken(dataDir, 'nothing')).rejects.toMatchObject({ code: 'TOKEN_NOT_FOUND' });
  });
});
