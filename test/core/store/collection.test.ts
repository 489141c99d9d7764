import { mkdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { beginCollection, openCollection, type Document } from '../../../src/core/store/collection.ts';
import { temporaryFolder } from './support.ts';

interface Note extends Document {
  text: string;
}

async function begun(): Promise<string> {
  const file = join(await temporaryFolder(), 'notes.db');
  await beginCollection(file);
  return file;
}

/** The lines of a file to which documents were written one after the other, its first line included. */
async function linesOf(documents: readonly Note[]): Promise<string[]> {
  const file = await begun();
  const notes = openCollection<Note>({ file });
  await notes.load();
  await notes.write(documents);
  await notes.sync();
  return (await readFile(file, 'utf8')).split('\n').slice(0, -1);
}

describe('a collection', () => {
  test('reads back what it wrote, line ends of all kinds included', async () => {
    const file = await begun();
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
    const file = await begun();
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

  const ENDS = [
    ['nothing is wrong with', 0, '', false],
    ['lacks its last line end', 1, '', true],
    ['ends in half a line', 0, '{"_id":"2","te', true],
  ] as const;
  test.each(ENDS)('a file that %s is rewritten at the load: %s %s', async (_name, less, more, rewritten) => {
    const file = join(await temporaryFolder(), 'notes.db');
    const whole = `${(await linesOf([{ _id: '1', text: 'one' }])).join('\n')}\n`;
    await writeFile(file, `${whole.slice(0, whole.length - less)}${more}`);
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
    const lines = await linesOf(
      Array.from({ length: 40 }, (_, index) => ({ _id: `${index % 10}`, text: `${index}` })),
    );
    await writeFile(file, `${lines.join('\n')}\n`);
    await openCollection<Note>({ file, compactAbove: 10_000 }).load();
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(42);
    await openCollection<Note>({ file, compactAbove: 100 }).load();
    const compacted = (await readFile(file, 'utf8')).split('\n');
    expect(compacted.slice(1)).toEqual([...lines.slice(31), '']);
    expect(compacted[0]).toContain('"lines":"000000000010"');
  });

  test('takes over a rewritten file when a crash has left nothing else', async () => {
    const file = join(await temporaryFolder(), 'notes.db');
    await writeFile(`${file}~`, `${(await linesOf([{ _id: '1', text: 'one' }])).join('\n')}\n`);
    const { documents, damage } = await openCollection<Note>({ file }).load();
    expect([documents, damage]).toEqual([[{ _id: '1', text: 'one' }], null]);
  });

  test('takes back what was written since the last sync', async () => {
    const file = await begun();
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

  test('keeps nothing of a write that has failed half-way', async () => {
    const file = await begun();
    const notes = openCollection<Note>({ file });
    await notes.load();
    const refused = { _id: '2', text: 'refused', 'a.b': 1 };
    await expect(notes.write([{ _id: '1', text: 'one' }, refused])).rejects.toThrow('.');
    await notes.repair(
      new Map([
        ['1', null],
        ['2', null],
      ]),
    );
    await notes.write([{ _id: '3', text: 'three' }]);
    await notes.sync();
    const { documents, damage } = await openCollection<Note>({ file }).load();
    expect([documents, damage]).toEqual([[{ _id: '3', text: 'three' }], null]);
  });

  test.each(['removed', 'cut short'] as const)(
    'that is %s while it is in use refuses changes, and is written anew by the repair',
    async (how) => {
      const file = await begun();
      const notes = openCollection<Note>({ file });
      await notes.load();
      await notes.write([{ _id: '1', text: 'one' }]);
      await notes.sync();
      if (how === 'removed') await rm(file);
      else await truncate(file, 10);
      await notes.write([{ _id: '2', text: 'two' }]);
      await expect(notes.sync()).rejects.toThrow('removed or cut short');
      await notes.repair(new Map([['2', null]]));
      await notes.write([{ _id: '3', text: 'three' }]);
      await notes.sync();
      const { documents, damage } = await openCollection<Note>({ file }).load();
      expect([documents.map(({ text }) => text), damage]).toEqual([['one', 'three'], null]);
    },
  );
});

describe('damage of a file', () => {
  const NOTES = ['1', '2', '3'].map((_id) => ({ _id, text: `text of ${_id}` }));

  test('any one bit that changes is noticed, and costs one line at most', async () => {
    const file = join(await temporaryFolder(), 'notes.db');
    const whole = Buffer.from(`${(await linesOf(NOTES)).join('\n')}\n`);
    for (let at = 0; at < whole.length; at += 1) {
      const spoiled = Buffer.from(whole);
      spoiled[at] = spoiled[at]! ^ (1 << (at % 7));
      await writeFile(file, spoiled);
      const { documents, damage } = await openCollection<Note>({ file }).load();
      expect({ at, lost: damage?.lost }).toEqual({ at, lost: true });
      // A line end that is gone takes two lines along.
      expect(documents.length).toBeGreaterThanOrEqual(whole[at] === 0x0a ? 1 : 2);
      for (const document of documents) expect(NOTES).toContainEqual(document);
    }
  });

  test('a file cut anywhere is noticed, but not a line that was never acknowledged', async () => {
    const file = join(await temporaryFolder(), 'notes.db');
    const whole = `${(await linesOf(NOTES)).join('\n')}\n`;
    for (let length = 0; length < whole.length - 1; length += 1) {
      await writeFile(file, whole.slice(0, length));
      const { damage } = await openCollection<Note>({ file }).load();
      expect({ length, lost: damage?.lost }).toEqual({ length, lost: true });
    }
    await writeFile(file, `${whole}${whole.split('\n')[1]?.replace('text', 'next')}\n`);
    const { documents, damage } = await openCollection<Note>({ file }).load();
    expect(documents).toEqual(NOTES);
    expect(damage).toMatchObject({ lost: false, dropped: 1, missing: 0 });
  });

  test('lines of another file are not taken for its own', async () => {
    const file = join(await temporaryFolder(), 'letters.db');
    await writeFile(file, `${(await linesOf(NOTES)).join('\n')}\n`);
    const { documents, damage } = await openCollection<Note>({ file }).load();
    expect(documents).toEqual([]);
    expect(damage).toMatchObject({ lost: true, dropped: 4 });
  });

  test('no file where there should be one is damage; nothing is left to be kept', async () => {
    const file = join(await temporaryFolder(), 'notes.db');
    const first = await openCollection<Note>({ file }).load();
    expect(first).toEqual({ documents: [], damage: { dropped: 0, missing: 0, lost: true, copy: null } });
    expect((await openCollection<Note>({ file }).load()).damage).toBeNull();
  });

  test('a folder in the place of the file is an error that names it', async () => {
    const file = join(await temporaryFolder(), 'notes.db');
    await mkdir(file);
    await expect(openCollection<Note>({ file }).load()).rejects.toThrow(file);
  });

  test('a disk that cannot read the file is an error that names it', async () => {
    const file = join(await temporaryFolder(), 'notes.db');
    // The only file that fails in the middle of being read on every Linux.
    await symlink('/proc/self/mem', file);
    const load = openCollection<Note>({ file }).load();
    await expect(load).rejects.toThrow(/notes\.db cannot be read: EIO/u);
  });
});
