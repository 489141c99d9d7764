import { chmod, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, onTestFinished } from 'vitest';
import { parseManifest } from '../../../src/core/domain/manifest/parse.ts';
import type { Slice } from '../../../src/core/domain/slice.ts';
import { ManifestWriter } from '../../../src/core/orchestrator/manifest-writer.ts';
import { chain, hashOf, recordingLogger, serve, serveIn, type Entry } from './harness.ts';

const HASH = hashOf('a');

async function aManifest(entries: Entry[]) {
  const folder = await mkdtemp(join(tmpdir(), 'replay-manifest-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'manifest.json');
  const text = `${JSON.stringify(entries, null, 4)}\n`;
  await writeFile(path, text);
  const { log, logger } = recordingLogger();
  return { folder, path, text, log, slices: slicesOf(text), writer: new ManifestWriter(path, text, logger) };
}

function slicesOf(text: string): Slice[] {
  const parsed = parseManifest(text);
  if (!parsed.ok) throw new Error('the manifest of the test is invalid');
  return parsed.slices;
}

const learned = (slices: Slice[], index: number, hash: string) => {
  const slice = slices[index];
  return slice ? [{ slice, hash }] : [];
};

describe('hashes are written back to the manifest', () => {
  test('and nothing else in it changes', async () => {
    const { path, text, slices, writer } = await aManifest(chain(2));
    await writer.record(learned(slices, 0, HASH));
    expect(await readFile(path, 'utf8')).toBe(
      text.replace('"expected_integrity_hash": ""', `"expected_integrity_hash": "${HASH}"`),
    );
  });

  test('its mode is kept, and no temporary file is left', async () => {
    const { folder, path, slices, writer } = await aManifest(chain(1));
    await chmod(path, 0o640);
    await writer.record(learned(slices, 0, HASH));
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['manifest.json']);
  });

  test('through a symbolic link, which stays one', async () => {
    const { folder, path, text, slices } = await aManifest(chain(1));
    const link = join(folder, 'link.json');
    await symlink('manifest.json', link);
    await new ManifestWriter(link, text, recordingLogger().logger).record(learned(slices, 0, HASH));
    expect(await readFile(path, 'utf8')).toContain(HASH);
    expect(await readdir(folder)).toEqual(['link.json', 'manifest.json']);
  });

  test('many at once in few writes, the last hash of a slice counting', async () => {
    const { path, slices, writer } = await aManifest(chain(50));
    await Promise.all([
      ...slices.map((_slice, index) => writer.record(learned(slices, index, hashOf('b')))),
      ...slices.map((_slice, index) => writer.record(learned(slices, index, HASH))),
    ]);
    await writer.close();
    expect(slicesOf(await readFile(path, 'utf8')).map(({ knownHash }) => knownHash)).toEqual(
      slices.map(() => HASH),
    );
  });

  test('what somebody else has changed in the meantime stays', async () => {
    const { path, text, log, slices, writer } = await aManifest(chain(2));
    const changed = text.replaceAll('bucket', 'other-bucket');
    await writeFile(path, changed);
    await writer.record(learned(slices, 1, HASH));
    const after = await readFile(path, 'utf8');
    expect(after.replace(HASH, '')).toBe(changed);
    expect(after).toContain(HASH);
    expect(log).toEqual([expect.objectContaining({ level: 'warn' })]);
  });

  test.each([
    ['read-only', async (path: string) => chmod(path, 0o444)],
    ['gone', async (path: string) => rm(path)],
    [
      'not UTF-8',
      async (path: string) =>
        writeFile(path, (await readFile(path, 'utf8')).replace('bucket', 'b\u00fccket'), 'latin1'),
    ],
    ['no JSON any more', async (path: string) => writeFile(path, '[ half')],
  ])('a file that is %s is a warning, and is left alone', async (_name, spoil) => {
    const { path, log, slices, writer } = await aManifest(chain(1));
    await spoil(path);
    const before = await readFile(path, 'latin1').catch(() => null);
    await writer.record(learned(slices, 0, HASH));
    expect(await readFile(path, 'latin1').catch(() => null)).toBe(before);
    expect(log.at(-1)).toMatchObject({ level: 'warn' });
  });
});

describe('the orchestrator', () => {
  test('has the hash in the file when it answers POST /config', async () => {
    const server = await serve(chain(2));
    await server.post('/config', { end_block_num: 1100, integrity_hash: HASH });
    expect(slicesOf(await server.manifest())[0]?.knownHash).toBe(HASH);
  });

  test('leaves the file alone when it is told to', async () => {
    const server = await serve(chain(2), { updateConfig: false });
    const before = await server.manifest();
    expect((await server.post('/config', { end_block_num: 1100, integrity_hash: HASH })).status).toBe(200);
    await server.close();
    expect(await server.manifest()).toBe(before);
  });

  test('makes up at the next start for what it could not write', async () => {
    const server = await serve(chain(2));
    await chmod(server.manifestPath, 0o444);
    const answer = await server.post('/config', { end_block_num: 1100, integrity_hash: HASH });
    expect(answer.status).toBe(200);
    expect(await server.manifest()).not.toContain(HASH);
    await server.close();
    await chmod(server.manifestPath, 0o644);
    const again = await serveIn(server.folder);
    await again.close();
    expect(await again.manifest()).toContain(HASH);
  });
});
