import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCollection, type Document } from '../../../src/core/store/collection.ts';
import { temporaryFolder } from './support.ts';

interface Note extends Document {
  text: string;
}

describe('a collection', () => {
  test('reads back what it wrote, line ends of all kinds included', async () => {
    const file = join(await temporaryFolder(), 'notes.db');
    const notes = [
      { _id: '1', text: 'a\nb\r\nc\u2028d\u2029e\u0085f' },
      { _id: '2', text: '\\u2028 \u0000 \ud83d\ude00' },
    ];
    const first = openCollection<Note>({ file });
    await first.load();
    await first.write(notes);
    await first.sync();
    const { documents, damage } = await openCollection<Note>({ file }).load();
    expect(documents.toSorted((a, b) => Number(a._id) - Number(b._id))).toEqual(notes);
    expect(damage).toBeNull();
  });

  test('is compacted when most of it is outdated, and not before', async () => {
    const file = join(await temporaryFolder(), 'notes.db');
    const notes = openCollection<Note>({ file, compactAbove: 10_000 });
    await notes.load();
    const sizes: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      await notes.write([{ _id: '1', text: `${round}`.padEnd(1000) }]);
      await notes.sync();
      await notes.compactIfWorthwhile();
      sizes.push((await stat(file)).size);
    }
    expect(Math.max(...sizes)).toBeLessThan(12_000);
    expect(Math.max(...sizes)).toBeGreaterThan(9_000);
    const { documents } = await openCollection<Note>({ file }).load();
    expect(documents.map(({ text }) => text.trim())).toEqual(['19']);
  });

  test.each([
    ['nothing is wrong with', '{"_id":"1","text":"one"}\n', false],
    ['lacks its last line end', '{"_id":"1","text":"one"}', true],
    ['ends in half a line', '{"_id":"1","text":"one"}\n{"_id":"2","te', true],
  ])('a file that %s is rewritten at the load: %s %s', async (_name, content, rewritten) => {
    const file = join(await temporaryFolder(), 'notes.db');
    await writeFile(file, content);
    const { ino } = await stat(file);
    const notes = openCollection<Note>({ file });
    await notes.load();
    expect((await stat(file)).ino !== ino).toBe(rewritten);
    await notes.write([{ _id: '3', text: 'three' }]);
    await notes.sync();
    const { documents, damage } = await openCollection<Note>({ file }).load();
    expect([documents.map(({ text }) => text), damage]).toEqual([['one', 'three'], null]);
  });

  test('that is large and mostly outdated is compacted at the load', async () => {
    const file = join(await temporaryFolder(), 'notes.db');
    const lines = Array.from({ length: 40 }, (_, index) => `{"_id":"${index % 10}","text":"${index}"}\n`);
    await writeFile(file, lines.join(''));
    await openCollection<Note>({ file, compactAbove: 10_000 }).load();
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(41);
    await openCollection<Note>({ file, compactAbove: 100 }).load();
    expect(await readFile(file, 'utf8')).toBe(lines.slice(30).join(''));
  });

  test('takes over a rewritten file when a crash has left nothing else', async () => {
    const file = join(await temporaryFolder(), 'notes.db');
    await writeFile(`${file}~`, '{"_id":"1","text":"one"}\n');
    const { documents } = await openCollection<Note>({ file }).load();
    expect(documents).toEqual([{ _id: '1', text: 'one' }]);
  });

  test('takes back what was written since the last sync', async () => {
    const file = join(await temporaryFolder(), 'notes.db');
    const notes = openCollection<Note>({ file });
    await notes.load();
    await notes.write([{ _id: '1', text: 'old' }]);
    await notes.sync();
    await notes.write([
      { _id: '1', text: 'new' },
      { _id: '2', text: 'added' },
    ]);
    await notes.repair(
      new Map([
        ['1', { _id: '1', text: 'old' }],
        ['2', null],
      ]),
    );
    const { documents } = await openCollection<Note>({ file }).load();
    expect(documents).toEqual([{ _id: '1', text: 'old' }]);
  });
});
