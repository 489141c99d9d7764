import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drive, END_HASH, idOf, loaded, OTHER_HASH, replayed, START_HASH } from './replay-slice-fixture.ts';

const OK = { code: 0, signal: null };

describe('a slice on Leap', () => {
  const run = { product: 'leap' as const };
  const answer = (hash: string, block = 2000) => ({
    head_block_id: idOf(block),
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
