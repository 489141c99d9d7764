import type { FileHandle } from 'node:fs/promises';
import { AttemptFailure } from '../domain/attempt-failure.ts';

/** Takes the bytes of a file as they arrive, in order, and writes what they stand for. */
export interface Sink {
  /** Resolves when the next chunk may come. */
  write(chunk: Uint8Array): Promise<void>;
  /**
   * The input is complete.
   *
   * @returns The length of what was written, in bytes.
   */
  finish(): Promise<number>;
  /** Stops and frees everything, whatever the state. Does not throw. */
  abort(): Promise<void>;
}

/** What arrived is damaged or is something else. The message completes "<the file>: …". */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
}

/** Decompressing failed for want of memory, which is no fault of the file. */
export function outOfMemory(message: string): AttemptFailure {
  return new AttemptFailure('out-of-memory', message, {
    hint: 'A file compressed with --long=31 takes up to 2 GiB of memory to decompress.',
  });
}

/** Writes all bytes at the handle's position. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const result = await handle.write(bytes, written);
    written += result.bytesWritten;
  }
}

/** Writes the bytes as they are. */
export function createPlainSink(handle: FileHandle): Sink {
  let length = 0;
  return {
    async write(chunk) {
      await writeAll(handle, chunk);
      length += chunk.length;
    },
    finish: async () => length,
    abort: async () => undefined,
  };
}
