import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Outbox } from '../../../src/core/notify/outbox.ts';
import { recordingLogger } from '../orchestrator/harness.ts';
import { aNotification, notifications } from './builders.ts';

const { logger } = recordingLogger();

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-outbox-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function open(dataDir: string, targets: string[] = ['a', 'b'], runId = 1): Promise<Outbox> {
  const outbox = await Outbox.open({ dataDir, runId, targets, logger });
  outbox.beginRun(targets);
  await outbox.written();
  return outbox;
}

const idsFor = (outbox: Outbox, target: string): string[] => outbox.waitingFor(target).map(({ id }) => id);

test('what is noted is there after a restart, until each target has it', async () => {
  const folder = await aFolder();
  const outbox = await open(folder);
  const [one, two] = notifications(2);
  outbox.note('job 1', { attempt: 1 }, one!, ['a', 'b']);
  outbox.note('job 1', { attempt: 2 }, two!, ['a', 'b']);
  outbox.done('a', [one!]);
  await outbox.written();

  const again = await open(folder);
  expect(again.told('job 1')).toEqual({ attempt: 2 });
  expect(idsFor(again, 'a')).toEqual([two!.id]);
  expect(idsFor(again, 'b')).toEqual([one!.id, two!.id]);
  again.done('a', [two!]);
  again.done('b', [one!, two!]);
  await again.close();

  const last = await open(folder);
  expect([...idsFor(last, 'a'), ...idsFor(last, 'b')]).toEqual([]);
  expect(last.told('job 1')).toEqual({ attempt: 2 });
});

test('a run is new until somebody is told of it', async () => {
  const folder = await aFolder();
  const first = await Outbox.open({ dataDir: folder, runId: 1, targets: ['a'], logger });
  expect(first.beginRun(['a'])).toBe(false);
  expect(first.beginRun(['a'])).toBe(true);
  await first.close();
  const second = await Outbox.open({ dataDir: folder, runId: 2, targets: ['a'], logger });
  expect(second.beginRun(['a'])).toBe(false);
});

test('of an older run only what waits is kept', async () => {
  const folder = await aFolder();
  const outbox = await open(folder);
  outbox.note('job 1', {}, aNotification({ id: 'waits' }), ['a']);
  outbox.note('job 2', {}, null, []);
  await outbox.close();
  const next = await open(folder, ['a', 'b'], 2);
  expect(idsFor(next, 'a')).toEqual(['waits']);
  await next.close();
  const text = await readFile(join(folder, 'notifications.db'), 'utf8');
  expect(text).toContain('run 1/job 1');
  expect(text).not.toContain('run 1/job 2');
});

test('what waits for a target that was replaced goes to the new one, and otherwise to nobody', async () => {
  const folder = await aFolder();
  const outbox = await open(folder);
  outbox.note('job 1', {}, aNotification({ id: 'x' }), ['a', 'b']);
  await outbox.close();
  const replaced = await open(folder, ['b', 'c']);
  expect([idsFor(replaced, 'b'), idsFor(replaced, 'c')]).toEqual([['x'], ['x']]);
  await replaced.close();
  const fewer = await open(folder, ['b']);
  expect(idsFor(fewer, 'b')).toEqual(['x']);
  await fewer.close();
  const back = await open(folder, ['b', 'c']);
  expect(idsFor(back, 'c')).toEqual([]);
});

test('what became of the run is told after what became of its jobs in the same moment', async () => {
  const outbox = await open(await aFolder());
  outbox.note('end', {}, aNotification({ id: 'end', kind: 'run-ended' }), ['a']);
  outbox.note('job 2', {}, aNotification({ id: 'two', kind: 'mismatch' }), ['a']);
  outbox.note('job 1', {}, aNotification({ id: 'earlier', at: '2026-11-22T09:00:00' }), ['a']);
  expect(idsFor(outbox, 'a')).toEqual(['earlier', 'two', 'end']);
  await outbox.close();
});

test('no more than a thousand wait', async () => {
  const outbox = await open(await aFolder());
  const all = notifications(1000);
  for (const [at, one] of all.entries()) outbox.note(`job ${at}`, {}, one, ['a']);
  expect([outbox.hasRoom, outbox.hasMuchRoom]).toEqual([false, false]);
  outbox.done('a', all.slice(0, 500));
  expect([outbox.hasRoom, outbox.hasMuchRoom]).toEqual([true, true]);
  await outbox.close();
});

test('a line that is torn is dropped, and the rest is there', async () => {
  const folder = await aFolder();
  const outbox = await open(folder);
  outbox.note('job 1', {}, aNotification({ id: 'x' }), ['a']);
  await outbox.close();
  const file = join(folder, 'notifications.db');
  await writeFile(file, `${await readFile(file, 'utf8')}{"_id":"run 1/job 2","ru`);
  expect(idsFor(await open(folder), 'a')).toEqual(['x']);
});

test('without a file that can be used everything goes on, and the log says so', async () => {
  const { log, logger: recording } = recordingLogger();
  const outbox = await Outbox.open({ dataDir: '/proc/none', runId: 1, targets: ['a'], logger: recording });
  outbox.note('job 1', {}, aNotification({ id: 'x' }), ['a']);
  await outbox.written();
  expect(idsFor(outbox, 'a')).toEqual(['x']);
  expect(log).toMatchObject([{ level: 'error', message: 'notifications are not kept over a restart' }]);
});
