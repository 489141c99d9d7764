import { describe, expect, test } from 'vitest';
import { AttemptFailure } from '../../../src/core/domain/attempt-failure.ts';
import { drive, END_HASH, loaded, replayed } from './replay-slice-fixture.ts';

const OK = { code: 0, signal: null };

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

describe('options that the orchestrator let pass', () => {
  test.each([
    [['--plugin=eosio::producer_plugin'], 'plugins are chosen by this program'],
    [['--chain-threads=4', '--snapshot=/elsewhere'], '--snapshot is not allowed'],
    [['--chain-threads=4\n--replay-blockchain'], '--chain-threads: expected a whole number'],
    [['--producer-threads=4'], '--producer-threads exists only in Leap'],
  ])('%j are looked at here again, and nothing is started', async (options, message) => {
    const { outcome, started } = await drive({ options });
    await expect(outcome).rejects.toMatchObject({
      failureCause: 'bad-job',
      message: expect.stringContaining(message),
    });
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
