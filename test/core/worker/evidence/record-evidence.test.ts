import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { SliceRun } from '../../../../src/nodeos/driver/replay-slice.ts';
import type { AttemptEvidence } from '../../../../src/core/protocol/attempt-evidence.ts';
import type { AttemptTools } from '../../../../src/core/worker/attempt-work.ts';
import { EvidenceRecorder } from '../../../../src/core/worker/evidence/record-evidence.ts';
import { fullRecord } from '../../protocol/records.ts';

const NODEOS = '#!/bin/sh\necho v1.2.2-0123456789\n';
const JOB = fullRecord({
  snapshot_path: 'https://user:secret@host/snapshots/a.bin.zst?sig=secret',
  snapshot_sha256: 'ab'.repeat(32),
});

let folder: string;
let told: PromiseWithResolvers<AttemptEvidence>;
let recorder: EvidenceRecorder;
let tools: AttemptTools;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-recorder-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'nodeos'), NODEOS, { mode: 0o755 });
  await writeFile(join(folder, 'snapshot.bin'), '12345');
  await writeFile(join(folder, 'config.ini'), 'plugin = x\nsome-private-key = secret\n');
  told = Promise.withResolvers();
  recorder = new EvidenceRecorder({
    job: JOB,
    replayVersion: '0.1.0',
    packageOf: () => 'https://host/nodeos.deb',
    onChange: (evidence) => told.resolve(evidence),
  });
  const file = {
    first: 1001,
    last: 2000,
    logName: 'blocks-1001-2000.log',
    indexName: 'blocks-1001-2000.index',
  };
  tools = recorder.watch({
    nodeos: async () => ({
      path: join(folder, 'nodeos'),
      version: 'v1.2.2',
      product: 'spring',
      standIn: false,
    }),
    start: async () => ({ kind: 'snapshot', path: join(folder, 'snapshot.bin') }),
    blocks: async () => ({
      hasBlockFiles: true,
      files: [{ ...file, log: 'blocks-0001001-2000.log.zst', index: null, size: 7 }],
    }),
    replay: async (run) => {
      await run.onCommand?.({
        purpose: 'replay',
        args: ['--a', 'b'],
        configFile: join(folder, 'config.ini'),
      });
      throw new Error('crashed');
    },
  });
});

const NO_CONTEXT = {} as Parameters<AttemptTools['start']>[1];

it('notes how nodeos is run, on what, and where', async () => {
  await tools.nodeos(JOB, NO_CONTEXT);
  await tools.start(JOB, NO_CONTEXT);
  await tools.blocks(JOB, NO_CONTEXT);
  await expect(tools.replay({ directory: folder, peers: ['p2p:1'] } as unknown as SliceRun)).rejects.toThrow(
    'crashed',
  );
  const evidence = await recorder.tell();
  expect(evidence).toEqual({
    replay_version: '0.1.0',
    directory: folder,
    host: expect.objectContaining({ arch: process.arch }) as unknown,
    nodeos: {
      path: join(folder, 'nodeos'),
      version: 'v1.2.2',
      full_version: 'v1.2.2-0123456789',
      product: 'spring',
      stand_in: false,
      sha256: createHash('sha256').update(NODEOS).digest('hex'),
      bytes: NODEOS.length,
      package: 'https://host/nodeos.deb',
    },
    start: {
      kind: 'snapshot',
      location: 'https://host/snapshots/a.bin.zst?…',
      bytes: 5,
      sha256: 'ab'.repeat(32),
    },
    blocks: {
      location: 'https://host/blocks?…',
      first: 1001,
      last: 2000,
      files: [{ name: 'blocks-1001-2000.log', from: 'blocks-0001001-2000.log.zst', bytes: 7 }],
    },
    peers: ['p2p:1'],
    commands: [
      {
        purpose: 'replay',
        arguments: ['--a', 'b'],
        config_ini: 'plugin = x\nsome-private-key = [redacted]\n',
      },
    ],
  });
  expect(JSON.stringify(evidence)).not.toContain('secret');
  // It was told when nodeos started, and not only now.
  expect(await told.promise).toEqual(evidence);
});

it('has something to tell of an attempt that failed before nodeos started, and nothing of one without it', async () => {
  expect(await recorder.tell()).toBeNull();
  await tools.nodeos(JOB, NO_CONTEXT);
  expect(await recorder.tell()).toMatchObject({ start: null, blocks: null, commands: [] });
});

it('passes on what the tools throw, and tells what it can of a program that is no nodeos', async () => {
  await writeFile(join(folder, 'nodeos'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  await tools.nodeos(JOB, NO_CONTEXT);
  expect((await recorder.tell())?.nodeos).toMatchObject({ full_version: null, version: 'v1.2.2' });
});
