import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

/** The map at the beginning of the document. */
async function map(): Promise<string> {
  const text = await readFile('docs/architecture.md', 'utf8');
  return /```\n([^]*?)```/u.exec(text)?.[1] ?? '';
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${name}/`);
}

test.each(['src/core', 'src/nodeos'])(
  'the map of docs/architecture.md has every folder of %s',
  async (folder) => {
    const words = (await map()).split(/[\s,;]+/u);
    expect((await foldersIn(folder)).filter((name) => !words.includes(name))).toEqual([]);
  },
);

test('the map of docs/architecture.md has no folder that is not there', async () => {
  const inSrc = await readdir('src', { recursive: true, withFileTypes: true });
  const known = new Set([
    ...(await foldersIn('.')),
    ...inSrc.flatMap(({ name, parentPath }) => [`${name}/`, `${parentPath}/${name}/`]),
  ]);
  const named = (await map()).match(/^ *[\w/-]+\/(?=\s)/gmu) ?? [];
  expect(named.map((name) => name.trim()).filter((name) => !known.has(name))).toEqual([]);
});
