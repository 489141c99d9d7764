import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drive, END_HASH, loaded, replayed, settle, START_HASH } from './replay-slice-fixture.ts';

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
