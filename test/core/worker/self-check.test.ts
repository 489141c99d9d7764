import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { OrchestratorError } from '../../../src/core/protocol/client-error.ts';
import { SourceError } from '../../../src/core/storage/source-error.ts';
import { runSelfCheck } from '../../../src/core/worker/self-check.ts';
import type { SelfCheckDeps } from '../../../src/core/worker/self-check.ts';
import { fullRecord } from '../protocol/records.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

let deps: SelfCheckDeps;

beforeEach(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'replay-self-check-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  deps = {
    client: { time: async () => new Date(NOW + 2000) },
    source: { head: async () => ({ size: 1, etag: null }) },
    dataDir,
    minFreeDiskBytes: 0,
    nodeosPath: null,
    lastFailed: null,
    now: () => NOW,
    signal: new AbortController().signal,
  };
});

function failWith(error: Error): never {
  throw error;
}

async function findingOf(name: string): Promise<{ ok: boolean; message: string } | undefined> {
  return (await runSelfCheck(deps)).checks.find((check) => check.name === name);
}

it('a host without a fault is well, and nothing is left in its directory', async () => {
  const { ok, checks } = await runSelfCheck(deps);
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  expect(ok).toBe(true);
  expect(checks.map(({ name }) => name)).toEqual([
    'disk-space',
    'disk-write',
    'inodes',
    'memory',
    'nodeos',
    'clock',
    'storage',
  ]);
  expect(await readdir(deps.dataDir)).toEqual([]);
});

it('one fault is enough to be ill', async () => {
  deps.minFreeDiskBytes = Number.MAX_SAFE_INTEGER;
  expect((await runSelfCheck(deps)).ok).toBe(false);
  expect(await findingOf('disk-space')).toMatchObject({
    ok: false,
    message: expect.stringContaining('are needed (--min-free-disk)'),
  });
});

it('a directory in which nothing can be written is found by writing', async () => {
  await mkdir(join(deps.dataDir, 'write-check'));
  await writeFile(join(deps.dataDir, 'write-check', 'x'), '');
  expect(await findingOf('disk-write')).toMatchObject({ ok: false });
});

it('a directory that is gone is found', async () => {
  await rm(deps.dataDir, { recursive: true });
  expect(await findingOf('disk-space')).toMatchObject({ ok: false });
});

it('a nodeos that was given must run', async () => {
  deps.nodeosPath = join(deps.dataDir, 'nodeos');
  expect(await findingOf('nodeos')).toMatchObject({
    ok: false,
    message: expect.stringContaining(deps.nodeosPath),
  });
});

it.each([
  [new Date(NOW + 299_000), true, 'this clock is 299 s behind the orchestrator'],
  [new Date(NOW - 301_000), false, 'this clock is 301 s ahead of the orchestrator'],
  [null, true, 'does not tell its time'],
])('where the orchestrator has %s, the clock is well: %j', async (time, ok, message) => {
  deps.client = { time: async () => time };
  expect(await findingOf('clock')).toMatchObject({ ok, message: expect.stringContaining(message) });
});

it('an orchestrator that does not answer is a finding, too', async () => {
  const away = new OrchestratorError('unreachable', 'nothing listens there');
  deps.client = { time: () => Promise.reject(away) };
  expect(await findingOf('clock')).toEqual({ name: 'clock', ok: false, message: 'nothing listens there' });
});

it.each([
  [new SourceError('connection', 'the server is silent'), false, 'cannot be reached: the server is silent'],
  [new SourceError('forbidden', 'it may not be read'), false, 'it may not be read'],
  [new SourceError('not-found', 'there is nothing'), true, 'the storage answers'],
])('the storage of the last failed job is looked at: %s', async (problem, ok, message) => {
  deps.lastFailed = fullRecord({});
  deps.source = { head: async () => failWith(problem) };
  expect(await findingOf('storage')).toMatchObject({ ok, message: expect.stringContaining(message) });
});
