import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { constants, createZstdDecompress } from 'node:zlib';
import { DamagedFileError, outOfMemory, writeAll } from './sink.ts';
import type { ZstdDecoder } from './zstd.ts';
import type { FramePiece } from './zstd-frames.ts';

type Decompressor = ReturnType<typeof createZstdDecompress>;

interface Frame {
  readonly stream: Decompressor;
  /** Copies what comes out to the target; rejects when either side fails. */
  readonly copied: Promise<void>;
}

/**
 * A decoder on node:zlib. Each frame gets a decompressor of its own: Node's stops without an error after
 * the first frame, Bun's goes on.
 */
export function createBuiltInDecoder(target: FileHandle): ZstdDecoder {
  let frame: Frame | undefined;

  async function write(piece: FramePiece): Promise<void> {
    if (piece.kind === 'skippable') return;
    frame ??= openFrame(target);
    const { stream, copied } = frame;
    const accepted = stream.write(piece.bytes);
    // A failed copy must not leave us waiting for a drain that never comes.
    if (!accepted) await Promise.race([once(stream, 'drain').catch(() => copied), copied]);
    if (!piece.last) return;
    stream.end();
    await copied;
    frame = undefined;
  }

  async function abort(): Promise<void> {
    frame?.stream.destroy();
    await frame?.copied.catch(() => undefined);
  }

  return { write, finish: async () => undefined, abort };
}

function openFrame(target: FileHandle): Frame {
  const params = { [constants.ZSTD_d_windowLogMax]: 31 };
  const stream = createZstdDecompress({ chunkSize: 1 << 20, params });
  const copied = copy(stream, target);
  // It is awaited later; until then its failure must not count as unhandled.
  copied.catch(() => undefined);
  return { stream, copied };
}

async function copy(stream: Decompressor, target: FileHandle): Promise<void> {
  let failure: unknown;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      try {
        await writeAll(target, chunk);
      } catch (error) {
        failure = error;
        throw error;
      }
    }
  } catch (error) {
    if (error === failure) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ZSTD_error_memory_allocation') {
      throw outOfMemory('There is not enough memory to decompress the file');
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new DamagedFileError(`it cannot be decompressed: ${reason}`, { cause: error });
  }
}
