import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createZstdSink } from '../../../src/core/storage/zstd.ts';
import type { ZstdChoice } from '../../../src/core/storage/zstd.ts';
import type { Sink } from '../../../src/core/storage/sink.ts';
import { compress, sampleBytes, temporaryFolder } from './support.ts';

const CONTENT = sampleBytes(500_000);
const STORED = compress(CONTENT);

async function sinkTo(use: ZstdChoice): Promise<{ sink: Sink; file: string; declared: number[] }> {
  const file = path.join(temporaryFolder(), 'out');
  const target = await open(file, 'w');
  const declared: number[] = [];
  const sink = await createZstdSink({
    target,
    use,
    onDeclaredSize: async (bytes) => void declared.push(bytes),
  });
  onTestFinished(async () => {
    await sink.abort();
    await target.close();
  });
  return { sink, file, declared };
}

/** A host whose only programs are these shell scripts. */
function onlyPrograms(scripts: Record<string, string>): void {
  const folder = temporaryFolder();
  for (const [name, script] of Object.entries(scripts)) {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }
  vi.stubEnv('PATH', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
}

test.each(['program', 'built-in'] as const)(
  '%s: in chunks of any size, and the size is said once',
  async (use) => {
    const { sink, file, declared } = await sinkTo(use);
    for (let at = 0; at < STORED.length; at += 997) await sink.write(STORED.subarray(at, at + 997));
    expect(await sink.finish()).toBe(CONTENT.length);
    expect(readFileSync(file).equals(CONTENT)).toBe(true);
    expect(declared).toEqual([CONTENT.length]);
  },
);

test('a host without zstd decompresses by itself', async () => {
  onlyPrograms({});
  const { sink, file } = await sinkTo('auto');
  await sink.write(STORED);
  expect(await sink.finish()).toBe(CONTENT.length);
  expect(readFileSync(file).equals(CONTENT)).toBe(true);
});

test('a host without zstd cannot be told to use it', async () => {
  onlyPrograms({});
  await expect(sinkTo('program')).rejects.toThrow('There is no zstd program on this host');
});

test('a zstd that fails early ends the writing, and its last words are kept', async () => {
  onlyPrograms({ zstd: 'echo "zstd: out of luck" >&2; exit 3' });
  const { sink } = await sinkTo('program');
  const all = async () => {
    await sink.write(STORED);
    await sink.finish();
  };
  await expect(all()).rejects.toThrow('it cannot be decompressed: zstd exited with 3: zstd: out of luck');
});

test('a zstd that writes less than the frames declare is found out', async () => {
  onlyPrograms({ zstd: 'while read -r line; do :; done; echo short' });
  const { sink } = await sinkTo('program');
  await sink.write(STORED);
  await expect(sink.finish()).rejects.toThrow('its zstd frames declare 500000 bytes of content, but hold 6');
});

test.each([
  ['kill -9 $$', 'out-of-memory', 'The zstd program was ended by SIGKILL'],
  ['kill -15 $$', 'download', 'The zstd program was ended by SIGTERM'],
  [
    'echo "zstd: Decoding error (36) : Allocation error : not enough memory" >&2; exit 1',
    'out-of-memory',
    'not enough memory',
  ],
])('what is no fault of the file: %s', async (script, failureCause, message) => {
  onlyPrograms({ zstd: script });
  const { sink } = await sinkTo('program');
  const all = async () => {
    await sink.write(STORED);
    await sink.finish();
  };
  await expect(all()).rejects.toMatchObject({ failureCause, message: expect.stringContaining(message) });
});

test.each([
  ['No space left on device', 'ENOSPC'],
  ['Disk quota exceeded', 'EDQUOT'],
])('a zstd that says "%s" has the code %s', async (said, code) => {
  onlyPrograms({ zstd: `echo "zstd: error 70 : Write error : cannot write block : ${said}" >&2; exit 1` });
  const { sink } = await sinkTo('program');
  const all = async () => {
    await sink.write(STORED);
    await sink.finish();
  };
  await expect(all()).rejects.toMatchObject({ code });
});

test('the program sees nothing of our environment but where programs and libraries are', async () => {
  // The last line of what a failed one says is what its message holds.
  onlyPrograms({
    zstd: 'while read -r line; do :; done; echo "$SECRET,$LC_ALL,$LD_LIBRARY_PATH" >&2; exit 3',
  });
  vi.stubEnv('SECRET', 'secret');
  vi.stubEnv('LC_ALL', 'de_DE.UTF-8');
  vi.stubEnv('LD_LIBRARY_PATH', '/opt/lib');
  const { sink } = await sinkTo('program');
  await sink.write(STORED);
  await expect(sink.finish()).rejects.toThrow('zstd exited with 3: ,C.UTF-8,/opt/lib');
});

test('an abort ends the program, also one that does not read', async () => {
  onlyPrograms({ zstd: 'while :; do read -r line </dev/zero; done' });
  const { sink } = await sinkTo('program');
  await expect(sink.abort()).resolves.toBeUndefined();
});
