import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TurnNotes } from '../../../src/core/hosts/turn-notes.ts';

const TURN = { fleet: 'eos', orchestrator: 'http://10.0.0.5:4000', token: 'token-01' };

async function scene() {
  const stateDir = await mkdtemp(join(tmpdir(), 'replay-turns-'));
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
  const notes = new TurnNotes(stateDir);
  const file = join(stateDir, 'turns', `${TURN.token}.json`);
  return {
    stateDir,
    notes,
    file,
    /** As if the process that wrote it had been killed. */
    kill: async () => {
      const note = JSON.parse(await readFile(file, 'utf8')) as { by: object };
      await writeFile(file, JSON.stringify({ ...note, by: { ...note.by, startTicks: 'other' } }));
    },
  };
}

test('the turn of a process that runs is its own', async () => {
  const { notes } = await scene();
  await notes.begin(TURN);
  expect(await notes.abandoned()).toEqual([]);
});

test('the turn of one that was killed is found, until it is given back', async () => {
  const { notes, kill, stateDir } = await scene();
  await notes.begin(TURN);
  await kill();
  expect(await notes.abandoned()).toMatchObject([TURN]);
  await notes.end(TURN.token);
  expect(await notes.abandoned()).toEqual([]);
  expect(await readdir(join(stateDir, 'turns'))).toEqual([]);
});

test.each(['', '{', '[]', 'null', '{"token":"../../x","fleet":"eos","orchestrator":"x","by":{"pid":1}}'])(
  'a file with %j is left alone',
  async (content) => {
    const { notes, file, kill } = await scene();
    await notes.begin(TURN);
    await kill();
    await writeFile(file, content);
    expect(await notes.abandoned()).toEqual([]);
  },
);

test('where nothing can be written nobody is kept from launching', async () => {
  const { stateDir } = await scene();
  await writeFile(join(stateDir, 'file'), '');
  const notes = new TurnNotes(join(stateDir, 'file'));
  await notes.begin(TURN);
  await notes.end(TURN.token);
  expect(await notes.abandoned()).toEqual([]);
});
