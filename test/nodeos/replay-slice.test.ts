import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AttemptFailure } from '../../src/core/domain/attempt-failure.ts';
import { drive, END_HASH, loaded, OTHER_HASH, replayed, settle, START_HASH } from './replay-slice-fixture.ts';

const OK = { code: 0, signal: null };

describe('a slice on Spring', () => {
  test('ends with the hash that is printed at the stop', async () => {
    const { outcome, nodeos, portsReleased } = await drive();
    (await nodeos(0)).say(...loaded.spring(), ...replayed.spring).end(OK);
    expect(await outcome).toEqual({
      head: 2000,
      hash: END_HASH,
      startHash: START_HASH,
      finalHashBy: 'on-stop',
    });
    expect(portsReleased()).toBe(true);
  });

  test('is started with our configuration and nothing else', async () => {
    const { nodeos, directory } = await drive({ options: ['chain-threads=4'] });
    const { request } = await nodeos(0);
    expect(request.path).toBe('/opt/nodeos');
    expect(request.args).toEqual([
      '--snapshot',
      '/snapshots/1000.bin',
      '--data-dir',
      join(directory, 'data'),
      '--config-dir',
      join(directory, 'config-replay'),
      '--terminate-at-block',
      '2000',
      '--integrity-hash-on-start',
      '--integrity-hash-on-stop',
      '--chain-threads=4',
    ]);
    expect(request.logFile).toBe(join(directory, 'log', 'replay.log'));
    const config = await readFile(join(directory, 'config-replay', 'config.ini'), 'utf8');
    expect(config).toContain('http-server-address = 127.0.0.1:12001\n');
    expect(config).toContain('blocks-retained-dir = retained\n');
  });

  test('does not start from what an earlier nodeos left', async () => {
    const before = await drive();
    const { directory } = before;
    await before.nodeos(0);
    before.stop.abort();
    await before.outcome.catch(() => undefined);
    const data = join(directory, 'data');
    const leftovers = ['state', 'blocks/reversible'].map((name) => join(data, name));
    for (const folder of leftovers) await mkdir(folder, { recursive: true });
    await writeFile(join(data, 'blocks/blocks.log'), '');
    const again = await drive({ directory });
    await again.nodeos(0);
    expect([...leftovers, join(data, 'blocks/blocks.log')].filter((path) => existsSync(path))).toEqual([]);
    expect(existsSync(join(data, 'blocks/retained'))).toBe(true);
  });

  test('from genesis has no start hash', async () => {
    const { outcome, nodeos, events } = await drive({
      start: { kind: 'genesis', path: '/genesis.json' },
      startBlock: 0,
    });
    const node = await nodeos(0);
    expect(node.request.args.slice(0, 2)).toEqual(['--genesis-json', '/genesis.json']);
    node.say(
      'Initializing new blockchain with genesis state',
      `chain database started with hash: ${START_HASH}`,
    );
    node.say(...replayed.spring.map((line) => line.replace('from 1001', 'from 2'))).end(OK);
    expect(await outcome).toMatchObject({ hash: END_HASH, startHash: null });
    expect(events.filter((event) => event.startsWith('start'))).toEqual([]);
  });
});

describe('what is reported', () => {
  test('is each stage, the start hash before the replay, and each new block', async () => {
    const { outcome, nodeos, events } = await drive();
    const node = await nodeos(0);
    node.say('Snapshot initialization 20% complete', 'Snapshot initialization 80% complete');
    node.say(...loaded.spring());
    await settle();
    node.say(
      'existing block log, attempting to replay from 1001 to 3000 blocks',
      '1500 of 3000',
      '1500 of 3000',
    );
    await settle();
    node.say(...replayed.spring.slice(2)).end(OK);
    await outcome;
    expect(events).toEqual([
      'load',
      '20 %',
      '80 %',
      'start aa',
      'replay',
      'block 1500',
      'hash',
      'block 2000',
    ]);
  });

  test('waits for the start hash to be delivered, while nodeos runs on', async () => {
    let delivered!: () => void;
    const delivery = new Promise<void>((resolve) => (delivered = resolve));
    const { outcome, nodeos, events } = await drive({ onStartHash: () => delivery });
    (await nodeos(0)).say(...loaded.spring(), ...replayed.spring).end(OK);
    await settle();
    expect(events).toEqual(['load']);
    delivered();
    await outcome;
    expect(events).toEqual(['load', 'replay', 'hash', 'block 2000']);
  });

  test('ends the run when the start hash cannot be delivered, with the reason', async () => {
    const { outcome, nodeos } = await drive({
      onStartHash: () => Promise.reject(new Error('the lease is lost')),
    });
    const node = await nodeos(0);
    node.say(...loaded.spring());
    await expect(outcome).rejects.toThrow('the lease is lost');
    expect(node.stopped).toBe(true);
  });
});

describe('a slice on Leap', () => {
  const run = { product: 'leap' as const };
  const answer = (hash: string, block = 2000) => ({
    head_block_id: block.toString(16).padStart(8, '0').padEnd(64, '7'),
    integrity_hash: hash,
  });
  const restarted = ['chain database started', 'Blockchain started; head block is #2000'];

  async function replayedOnLeap(more = {}) {
    const driven = await drive({ ...run, ...more });
    const blocks = join(driven.directory, 'data/blocks');
    const node = await driven.nodeos(0);
    await mkdir(join(blocks, 'reversible'), { recursive: true });
    await writeFile(join(blocks, 'blocks.log'), '');
    await writeFile(join(blocks, 'retained/blocks-1-3000.log'), '');
    node.say(...loaded.leap(), ...replayed.leap).end(OK);
    return { ...driven, blocks, second: await driven.nodeos(1) };
  }

  test('is started again, read-only and without its blocks, and asked', async () => {
    const { outcome, second, blocks, api, clock, directory, started } = await replayedOnLeap();
    expect(second.request.args).toEqual([
      '--data-dir',
      join(directory, 'data'),
      '--config-dir',
      join(directory, 'config-read-only'),
    ]);
    expect(second.request.logFile).toBe(join(directory, 'log', 'read-only.log'));
    expect(await readFile(join(directory, 'config-read-only/config.ini'), 'utf8')).toContain(
      'read-mode = head',
    );
    expect(['retained', 'blocks.log', 'reversible'].filter((name) => existsSync(join(blocks, name)))).toEqual(
      ['reversible'],
    );
    api.integrity = answer(END_HASH);
    second.say(...restarted);
    await clock.pass(1000);
    expect(await outcome).toEqual({
      head: 2000,
      hash: END_HASH,
      startHash: START_HASH,
      finalHashBy: 'restart',
    });
    expect(second.stopped).toBe(true);
    expect(started).toHaveLength(2);
  });

  test('is not asked before it has started: another one would answer', async () => {
    const { outcome, second, api, clock } = await replayedOnLeap();
    api.integrity = answer(OTHER_HASH);
    await clock.pass(5000);
    api.integrity = answer(END_HASH);
    second.say(...restarted);
    await clock.pass(1000);
    expect((await outcome).hash).toBe(END_HASH);
  });

  test('proves nothing when the two hashes differ', async () => {
    const { outcome, second, api, clock } = await replayedOnLeap();
    api.integrity = answer(OTHER_HASH);
    second.say(...restarted);
    await clock.pass(1000);
    await expect(outcome).rejects.toMatchObject({
      failureCause: 'no-evidence',
      message: `nodeos gives two hashes for block 2000: ${END_HASH} when the replay stopped, and ${OTHER_HASH} when it was restarted read-only`,
    });
  });

  test('proves nothing when the answer is for another block', async () => {
    const { outcome, second, api, clock } = await replayedOnLeap();
    api.integrity = answer(END_HASH, 2001);
    second.say(...restarted);
    await clock.pass(1000);
    await expect(outcome).rejects.toMatchObject({
      failureCause: 'no-evidence',
      message: expect.stringContaining('is for block 2001, and the end block is 2000'),
    });
    expect(second.stopped).toBe(true);
  });

  test('has failed when the second nodeos ends instead of answering', async () => {
    const { outcome, second } = await replayedOnLeap();
    second.say('3020000 fork_database_exception: Fork database exception').end({ code: 254, signal: null });
    await expect(outcome).rejects.toMatchObject({ name: 'AttemptFailure', failureCause: 'nodeos-crash' });
  });

  test('has failed when the second nodeos does not answer in time', async () => {
    const { outcome, second, clock } = await replayedOnLeap();
    second.say(...restarted);
    await clock.pass(10_000);
    expect(second.stopped).toBe(false);
    await clock.pass(30_000);
    await expect(outcome).rejects.toMatchObject({ name: 'AttemptFailure' });
    expect(second.stopped).toBe(true);
  });

  test('is given up during the second nodeos when the worker is told to stop', async () => {
    const { outcome, second, stop, portsReleased } = await replayedOnLeap();
    stop.abort();
    await expect(outcome).rejects.toMatchObject({ failureCause: 'interrupted' });
    expect(second.stopped).toBe(true);
    expect(portsReleased()).toBe(true);
  });

  test('can be taken at its word at the stop', async () => {
    const { outcome, nodeos, started } = await drive({ ...run, finalHash: 'on-stop' });
    (await nodeos(0)).say(...loaded.leap(), ...replayed.leap).end(OK);
    expect(await outcome).toMatchObject({ hash: END_HASH, finalHashBy: 'on-stop' });
    expect(started).toHaveLength(1);
  });
});

describe('a run that fails', () => {
  test('by itself has the cause that its log and exit tell', async () => {
    const { outcome, nodeos, portsReleased } = await drive();
    (await nodeos(0))
      .say(...loaded.spring(), ...replayed.spring.slice(0, 2))
      .end({ code: null, signal: 'SIGBUS' });
    await expect(outcome).rejects.toMatchObject({
      failureCause: 'disk-full',
      message: expect.stringContaining('SIGBUS'),
    });
    expect(portsReleased()).toBe(true);
  });

  test('with exit code 0 short of the end is no success', async () => {
    const { outcome, nodeos } = await drive();
    (await nodeos(0))
      .say(
        ...loaded.spring(),
        ...replayed.spring.slice(0, 2),
        `chain database stopped with hash: ${END_HASH}`,
        'nodeos successfully exiting',
      )
      .end(OK);
    await expect(outcome).rejects.toMatchObject({ failureCause: 'no-evidence' });
  });

  test('because its log could not be kept says so', async () => {
    const { outcome, nodeos } = await drive();
    (await nodeos(0)).fail(new AttemptFailure('disk-full', 'The disk is full'));
    await expect(outcome).rejects.toMatchObject({ failureCause: 'disk-full' });
  });

  test('has nothing to replay from without block files and peers, and is not started', async () => {
    const { outcome, started } = await drive({ hasBlockFiles: false });
    await expect(outcome).rejects.toMatchObject({ failureCause: 'blocks-log' });
    expect(started).toEqual([]);
  });
});

describe('a run that waits for what will never come is ended at once', () => {
  test('when the block log ends too early and there is no peer', async () => {
    const { outcome, nodeos } = await drive();
    const node = await nodeos(0);
    node.say(...loaded.spring(), 'existing block log, attempting to replay from 1001 to 1900 blocks');
    await expect(outcome).rejects.toMatchObject({
      failureCause: 'blocks-log',
      message:
        'nodeos has blocks up to 1900 only, the slice ends at 2000, and there is no peer to deliver the rest',
    });
    expect(node.stopped).toBe(true);
  });

  test('when the block files are not seen', async () => {
    const { outcome, nodeos } = await drive();
    const listening =
      'start listening on 127.0.0.1:12001 resolved from 127.0.0.1:12001 for API categories: all';
    (await nodeos(0)).say(...loaded.spring(), 'Blockchain started; head block is #1000', listening);
    await expect(outcome).rejects.toMatchObject({ failureCause: 'blocks-log' });
  });

  test('when the snapshot is of another block; its hash is not reported', async () => {
    const { outcome, nodeos, events } = await drive();
    (await nodeos(0)).say(...loaded.spring(1001));
    await expect(outcome).rejects.toMatchObject({
      failureCause: 'bad-job',
      message: 'The snapshot is of block 1001, and the slice starts at 1000',
    });
    expect(events).not.toContain('start aa');
  });
});

describe('a run in which nothing moves', () => {
  test('is ended in the load, which percentages keep alive', async () => {
    const { outcome, nodeos, clock } = await drive();
    const node = await nodeos(0);
    for (const percent of [10, 20, 30]) {
      await clock.pass(50_000);
      node.say(`Snapshot initialization ${percent}% complete`);
    }
    await clock.pass(59_000);
    expect(node.stopped).toBe(false);
    await clock.pass(2000);
    expect(node.stopped).toBe(true);
    await expect(outcome).rejects.toMatchObject({
      failureCause: 'stalled',
      message: expect.stringContaining('60 s'),
    });
  });

  test('is ended in the replay, though it prints lines', async () => {
    const { outcome, nodeos, clock } = await drive({ peers: ['peer.example:9876'] });
    const node = await nodeos(0);
    node.say(...loaded.spring(), 'existing block log, attempting to replay from 1001 to 1900 blocks');
    for (let i = 0; i < 5; i++) {
      node.say(`Unable to continue syncing at this time ${i}`);
      await clock.pass(2500);
    }
    expect(node.stopped).toBe(true);
    await expect(outcome).rejects.toMatchObject({
      failureCause: 'stalled',
      message: expect.stringContaining('10 s'),
    });
  });

  test('is ended at the final hash', async () => {
    const { outcome, nodeos, clock } = await drive();
    const node = await nodeos(0);
    node.say(...loaded.spring(), ...replayed.spring.slice(0, 4));
    await clock.pass(29_000);
    expect(node.stopped).toBe(false);
    await clock.pass(2000);
    await expect(outcome).rejects.toMatchObject({ failureCause: 'stalled' });
    expect(node.stopped).toBe(true);
  });
});

describe('a sync from peers', () => {
  test('is followed by asking for the head, which its log tells only now and then', async () => {
    const { outcome, nodeos, clock, api, events } = await drive({
      hasBlockFiles: false,
      peers: ['peer.example:9876'],
    });
    const node = await nodeos(0);
    node.say(...loaded.spring(), 'Blockchain started; head block is #1000');
    for (const head of [1200, 1400, 2005]) {
      api.head = head;
      await clock.pass(8000);
    }
    expect(node.stopped).toBe(false);
    expect(events.slice(-3)).toEqual(['block 1200', 'block 1400', 'block 2000']);
    node.say(...replayed.spring.slice(2).filter((line) => !line.startsWith('Blockchain started'))).end(OK);
    expect(await outcome).toMatchObject({ hash: END_HASH });
  });

  test('that stands still is ended, though the API answers', async () => {
    const { outcome, nodeos, clock, api } = await drive({
      hasBlockFiles: false,
      peers: ['peer.example:9876'],
    });
    (await nodeos(0)).say(...loaded.spring(), 'Blockchain started; head block is #1000');
    api.head = 1000;
    await clock.pass(11_000);
    await expect(outcome).rejects.toMatchObject({ failureCause: 'stalled' });
  });
});

describe('a worker that is told to stop', () => {
  test('before the start starts nothing', async () => {
    const { outcome, started } = await drive({ signal: AbortSignal.abort() });
    await expect(outcome).rejects.toMatchObject({ failureCause: 'interrupted' });
    expect(started).toEqual([]);
  });

  test('during the replay stops nodeos first', async () => {
    const { outcome, nodeos, stop, portsReleased } = await drive();
    const node = await nodeos(0);
    node.say(...loaded.spring(), ...replayed.spring.slice(0, 2));
    node.onStop = () => undefined;
    stop.abort();
    await settle();
    expect(node.stopped).toBe(true);
    expect(portsReleased()).toBe(false);
    node.end(OK);
    await expect(outcome).rejects.toMatchObject({
      failureCause: 'interrupted',
      message: expect.stringContaining('at block 1500'),
    });
    expect(portsReleased()).toBe(true);
  });

  test('does not wait for a start hash that is still on its way', async () => {
    const { outcome, nodeos, stop } = await drive({ onStartHash: () => new Promise(() => undefined) });
    (await nodeos(0)).say(...loaded.spring());
    stop.abort();
    await expect(outcome).rejects.toMatchObject({ failureCause: 'interrupted' });
  });
});
