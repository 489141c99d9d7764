import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { probeNodeos } from '../../../src/nodeos/install/probe.ts';
import { program, saying, scratch } from './install-fixture.ts';

async function probe(script: string, timeoutMs?: number) {
  const path = await program(join(await scratch(), 'nodeos'), script);
  return probeNodeos(path, timeoutMs === undefined ? {} : { timeoutMs });
}

describe('what nodeos says of itself', () => {
  test.each([
    ['v1.2.2', { version: 'v1.2.2', product: 'spring', standIn: false }],
    ['v5.0.3', { version: 'v5.0.3', product: 'leap', standIn: false }],
    ['v1.2.2-stand-in', { version: 'v1.2.2-stand-in', product: 'spring', standIn: true }],
    ['5.0.3-stand-in', { version: 'v5.0.3-stand-in', product: 'leap', standIn: true }],
  ])('%s', async (version, found) => {
    expect(await probe(saying(version))).toEqual(found);
  });
});

describe('a nodeos that does not run here', () => {
  test.each([
    [
      'a library is missing',
      'echo "nodeos: error while loading shared libraries: libtinfo.so.5: cannot open shared object file: No such file or directory" >&2; exit 127',
      'does not run: the shared library libtinfo.so.5 is missing',
    ],
    [
      'the system is too old',
      `echo "nodeos: /lib/libc.so.6: version \\\`GLIBC_2.34' not found (required by nodeos)" >&2; exit 1`,
      'does not run: it needs GLIBC_2.34, and this system is older',
    ],
    ['it fails', 'echo "no such thing" >&2; exit 3', '--version ended with exit code 3: no such thing'],
    ['it crashes', 'kill -ILL $$', '--version was ended by SIGILL'],
    ['it is something else', 'echo GNU bash', '--version says "GNU bash", which is no version of nodeos'],
    ['it says nothing', '', '--version says "", which is no version of nodeos'],
  ])('because %s', async (_, script, message) => {
    await expect(probe(script)).rejects.toMatchObject({
      failureCause: 'install',
      message: expect.stringContaining(message),
    });
  });

  test('because it never answers', async () => {
    await expect(probe('exec sleep 600', 100)).rejects.toMatchObject({
      failureCause: 'install',
      message: expect.stringContaining('--version gave no answer within 0.1 s'),
    });
  });

  test('because it was built for another machine', async () => {
    const path = join(await scratch(), 'nodeos');
    const header = Buffer.alloc(64);
    header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
    // EM_AARCH64, or EM_X86_64 on a machine that is arm64 itself.
    header.writeUInt16LE(process.arch === 'arm64' ? 0x3e : 0xb7, 18);
    await writeFile(path, header, { mode: 0o755 });
    await expect(probeNodeos(path)).rejects.toMatchObject({
      failureCause: 'install',
      message: expect.stringMatching(/was built for (arm64|x64); this machine is/),
    });
  });

  test.each([
    ['is not there', 'missing', 'it does not exist'],
    ['is a folder', '.', 'it is a folder'],
  ])('because it %s', async (_, name, message) => {
    await expect(probeNodeos(join(await scratch(), name))).rejects.toMatchObject({
      failureCause: 'install',
      message: expect.stringContaining(message),
    });
  });

  test('because it may not be executed', async () => {
    const path = join(await scratch(), 'nodeos');
    await writeFile(path, '#!/bin/sh\n', { mode: 0o644 });
    await expect(probeNodeos(path)).rejects.toMatchObject({
      failureCause: 'install',
      message: expect.stringContaining('it may not be executed by this user'),
    });
  });

  test('because it is of no known product', async () => {
    await expect(probe('echo v9.0.0')).rejects.toMatchObject({ failureCause: 'bad-job' });
  });
});

test('the wait for an answer ends when the worker is told to stop', async () => {
  const path = await program(join(await scratch(), 'nodeos'), 'exec sleep 600');
  const probing = probeNodeos(path, { signal: AbortSignal.timeout(50) });
  await expect(probing).rejects.toMatchObject({ name: 'TimeoutError' });
});
