import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ExitCode } from '../../../src/core/domain/exit-codes.ts';
import { readManifest } from '../../../src/core/orchestrator/read-manifest.ts';
import { entry } from './harness.ts';

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-manifest-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const read = (path: string) => readManifest(path, () => [], silent);
const slice = (snapshot: string) =>
  JSON.stringify([entry(5, 9, { storage_type: 'fs', snapshot_path: snapshot })], null, 4);

const UNREADABLE: [what: string, make: (path: string) => Promise<unknown>, reason: string][] = [
  ['is not there', async () => {}, 'there is no such file'],
  ['is a folder', async (path) => mkdir(path), 'it is a folder'],
  [
    'is not UTF-8: its paths would become others',
    async (path) => writeFile(path, slice('/data/caf\u00e9.bin'), 'latin1'),
    'line 5 is not UTF-8',
  ],
  [
    'is UTF-16',
    async (path) => writeFile(path, `\uFEFF${slice('/data/a.bin')}`, 'utf16le'),
    'it is UTF-16; save it as UTF-8',
  ],
  [
    'is too large to be one',
    async (path) => {
      await writeFile(path, '');
      await truncate(path, 2 ** 32);
    },
    'it has 4294967296 bytes, and 419430400 are the most',
  ],
];

test.each(UNREADABLE)('a manifest that %s', async (_what, make, reason) => {
  const path = join(await newFolder(), 'manifest.json');
  await make(path);
  await expect(read(path)).rejects.toMatchObject({
    name: 'UserError',
    code: 'MANIFEST_UNREADABLE',
    exitCode: ExitCode.invalidInput,
    message: `The manifest ${path} cannot be read: ${reason}.`,
  });
});

test('a byte order mark and names in UTF-8 are no mistakes', async () => {
  const path = join(await newFolder(), 'manifest.json');
  await writeFile(path, `\uFEFF${slice('/data/caf\u00e9.bin')}`);
  const { slices, text } = await read(path);
  expect(slices[0]?.snapshotPath).toBe('/data/caf\u00e9.bin');
  expect(text.startsWith('\uFEFF')).toBe(true);
});
