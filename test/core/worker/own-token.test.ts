import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OrchestratorError } from '../../../src/core/protocol/client-error.ts';
import type { JoinRecord } from '../../../src/core/protocol/join-record.ts';
import { ownToken } from '../../../src/core/worker/own-token.ts';

const URL = 'http://10.0.0.5:4000';

async function scene() {
  const dataDir = await mkdtemp(join(tmpdir(), 'replay-join-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const joinTokenFile = join(dataDir, 'join.token');
  const host = { stop: new AbortController() };
  const asked: { with: string; record: JoinRecord }[] = [];
  const orchestrator = {
    url: URL,
    /** The token for a nonce, as the orchestrator derives it. */
    answer: (joinToken: string, { nonce }: JoinRecord): string | null =>
      `own-${joinToken}-${nonce.slice(0, 4)}`,
  };
  const join_ = () =>
    ownToken({
      dataDir,
      joinTokenFile,
      workerId: 'host-1',
      clientWith: (token) => ({
        baseUrl: orchestrator.url,
        join: async (record) => {
          asked.push({ with: token, record });
          return { token: orchestrator.answer(token, record), id: 'a', expires_at: null };
        },
      }),
      clock: { now: () => 0, random: () => 0, sleep: async () => undefined },
      signal: host.stop.signal,
      notice: () => undefined,
    });
  return { dataDir, joinTokenFile, host, asked, orchestrator, join: join_ };
}

describe('a host with a join token', () => {
  it('has a token of its own for it, keeps it for itself, and forgets what it had before', async () => {
    const { dataDir, joinTokenFile, asked, join: ask } = await scene();
    await writeFile(joinTokenFile, 'rpl_join\n');
    const token = await ask();
    expect(asked).toEqual([
      { with: 'rpl_join', record: { nonce: expect.stringMatching(/^[\w-]{43}$/), name: 'host-1' } },
    ]);
    expect(token).toBe(`own-rpl_join-${asked[0]!.record.nonce.slice(0, 4)}`);
    expect(existsSync(joinTokenFile)).toBe(false);
    expect(existsSync(join(dataDir, 'join-nonce'))).toBe(false);
    const path = join(dataDir, 'joined.json');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).not.toContain('"rpl_join"');
    expect(await ask()).toBe(token);
    expect(asked).toHaveLength(1);
  });

  it('asks with the same nonce when the answer was lost, also after a start', async () => {
    const { joinTokenFile, host, asked, orchestrator, join: ask } = await scene();
    await writeFile(joinTokenFile, 'rpl_join');
    const { answer } = orchestrator;
    orchestrator.answer = () => {
      if (asked.length === 2) host.stop.abort();
      throw new OrchestratorError('unreachable', 'the connection was cut');
    };
    await expect(ask()).resolves.toBeNull();
    host.stop = new AbortController();
    orchestrator.answer = answer;
    await expect(ask()).resolves.toMatch(/^own-/);
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ record }) => record.nonce)).size).toBe(1);
  });

  it('that could not be removed joins once', async () => {
    const { joinTokenFile, asked, join: ask } = await scene();
    await writeFile(joinTokenFile, 'rpl_join');
    const token = await ask();
    await writeFile(joinTokenFile, 'rpl_join');
    expect(await ask()).toBe(token);
    expect([asked.length, existsSync(joinTokenFile)]).toEqual([1, false]);
  });

  it('that is a new one joins again', async () => {
    const { joinTokenFile, asked, join: ask } = await scene();
    await writeFile(joinTokenFile, 'rpl_one');
    await ask();
    await writeFile(joinTokenFile, 'rpl_two');
    expect(await ask()).toMatch(/^own-rpl_two/);
    expect(asked[0]!.record.nonce).not.toBe(asked[1]!.record.nonce);
  });

  it('goes on with it where no other is needed', async () => {
    const { joinTokenFile, orchestrator, join: ask } = await scene();
    await writeFile(joinTokenFile, 'rpl_work');
    orchestrator.answer = () => null;
    expect(await ask()).toBe('rpl_work');
    expect(await ask()).toBe('rpl_work');
  });

  it('is told when it is refused', async () => {
    const { joinTokenFile, orchestrator, join: ask } = await scene();
    await writeFile(joinTokenFile, 'rpl_join');
    orchestrator.answer = () => {
      throw new OrchestratorError('refused', 'it answered 403', { status: 403 });
    };
    await expect(ask()).rejects.toMatchObject({ code: 'ORCHESTRATOR_REFUSED', exitCode: 5 });
    expect(existsSync(joinTokenFile)).toBe(true);
  });

  it('does not send what it got from one orchestrator to another', async () => {
    const { joinTokenFile, orchestrator, join: ask } = await scene();
    await writeFile(joinTokenFile, 'rpl_join');
    await ask();
    orchestrator.url = 'http://10.0.0.6:4000';
    await expect(ask()).rejects.toMatchObject({ code: 'JOINED_ELSEWHERE' });
  });

  it.each([
    ['', 'it is empty'],
    ['two words', 'more than a token'],
  ])('in a file with %j is no token', async (content, problem) => {
    const { joinTokenFile, join: ask } = await scene();
    await writeFile(joinTokenFile, content);
    await expect(ask()).rejects.toMatchObject({
      code: 'JOIN_TOKEN_FILE',
      message: expect.stringContaining(problem),
    });
  });

  it('that is not there, on a host that has not joined, is a mistake', async () => {
    const { join: ask } = await scene();
    await expect(ask()).rejects.toMatchObject({ code: 'JOIN_TOKEN_FILE', exitCode: 3 });
  });
});
