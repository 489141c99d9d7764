import type { FileHandle } from 'node:fs/promises';
import type { Sink } from './sink.ts';
import { DamagedFileError } from './sink.ts';
import { createBuiltInDecoder } from './zstd-built-in.ts';
import { FrameWalker, ZstdFormatError } from './zstd-frames.ts';
import type { FramePiece } from './zstd-frames.ts';
import { startZstdProgram } from './zstd-program.ts';

/** Decompresses what it is given into the target. Whether the input is whole is not its business. */
export interface ZstdDecoder {
  write(piece: FramePiece): Promise<void>;
  /** Resolves when everything is in the target. */
  finish(): Promise<void>;
  abort(): Promise<void>;
}

/**
 * - program: the host's `zstd`, about twice as fast, and on a core of its own.
 * - built-in: node:zlib.
 * - auto: the program when the host has it.
 */
export type ZstdChoice = 'auto' | 'program' | 'built-in';

export interface ZstdSinkOptions {
  /** Open for writing, empty. Neither closed nor synced here. */
  readonly target: FileHandle;
  readonly use: ZstdChoice;
  /** Called once, before anything is written, with the content size of the first frame if it declares one. */
  readonly onDeclaredSize: (bytes: number) => Promise<void>;
}

/**
 * A sink that decompresses zstd while it arrives. The decompressor does the work, and a walk over the
 * frame headers beside it decides whether the input was whole.
 *
 * write and finish throw DamagedFileError for damaged input and a system error (`code`) when writing fails.
 */
export async function createZstdSink(options: ZstdSinkOptions): Promise<Sink> {
  const walker = new FrameWalker();
  const decoder = await openDecoder(options);
  let asked = false;

  async function write(chunk: Uint8Array): Promise<void> {
    const pieces = checked(() => walker.push(chunk));
    if (!asked && walker.firstDeclaredSize !== undefined) {
      asked = true;
      if (walker.firstDeclaredSize !== null) await options.onDeclaredSize(walker.firstDeclaredSize);
    }
    for (const piece of pieces) await decoder.write(piece);
  }

  async function finish(): Promise<number> {
    checked(() => walker.end());
    await decoder.finish();
    const { size } = await options.target.stat();
    const declared = walker.declaredSize;
    if (declared !== null && declared !== size) {
      throw new DamagedFileError(`its zstd frames declare ${declared} bytes of content, but hold ${size}`);
    }
    return size;
  }

  return { write, finish, abort: () => decoder.abort() };
}

async function openDecoder({ target, use }: ZstdSinkOptions): Promise<ZstdDecoder> {
  if (use === 'built-in') return createBuiltInDecoder(target);
  const program = await startZstdProgram(target);
  if (program !== null) return program;
  if (use === 'program') throw new Error('There is no zstd program on this host');
  return createBuiltInDecoder(target);
}

function checked<T>(walk: () => T): T {
  try {
    return walk();
  } catch (error) {
    if (error instanceof ZstdFormatError) throw new DamagedFileError(error.message, { cause: error });
    throw error;
  }
}
