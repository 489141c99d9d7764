import { closeSync, fstatSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { type BlockHeader, readHeader } from './block-header.ts';
import { ByteReader } from './bytes.ts';
import { type Genesis, takeGenesis } from './genesis.ts';

/**
 * One block log: version 3 (32 bits), number of the first block (32 bits), then the packed genesis when
 * the first block is 1, else the chain id (32 bytes), then eight bytes of ff; then the blocks, each with
 * its position (64 bits) behind it. The index beside it is the positions alone.
 */
export interface BlockFile {
  readonly path: string;
  readonly indexPath: string;
  readonly version: number;
  readonly first: number;
  /** One less than `first` when there is no block in it. */
  readonly last: number;
  readonly chainId: string;
  readonly genesis: Genesis | null;
  readonly size: number;
}

export const BLOCK_LOG_VERSION = 3;
export const TOTEM = Buffer.alloc(8, 0xff);
/** The number of the previous block stands 14 bytes into a block, high byte first. */
const NUMBER_OFFSET = 14;
/** More than any header but those with very long extensions. */
const HEADER_BYTES = 4096;

export type BlockFileProblem =
  | { kind: 'empty' }
  | { kind: 'version'; version: number }
  | { kind: 'outside'; position: bigint; size: number };
export type BlockFileResult = { ok: true; file: BlockFile } | { ok: false; problem: BlockFileProblem };

/** Reads the head and the last block's number of a block log, as nodeos does before it opens it. */
export function inspectBlockFile(path: string): BlockFileResult {
  const descriptor = openSync(path, 'r');
  try {
    const size = fstatSync(descriptor).size;
    if (size < 8) return { ok: false, problem: { kind: 'empty' } };
    const head = new ByteReader(readAt(descriptor, 0, 256));
    const version = head.u32();
    if (version !== BLOCK_LOG_VERSION) return { ok: false, problem: { kind: 'version', version } };
    const first = head.u32();
    const genesis = first === 1 ? takeGenesis(head) : null;
    const chainId = genesis?.chainId ?? head.hex(32);
    const end = head.at + TOTEM.length;
    const indexPath = path.replace(/\.log$/, '.index');
    const common = { path, indexPath, version, first, chainId, genesis, size };
    if (size <= end) return { ok: true, file: { ...common, last: first - 1 } };
    const position = readAt(descriptor, size - 8, 8).readBigUInt64LE();
    if (position + BigInt(NUMBER_OFFSET + 4) > BigInt(size)) {
      return { ok: false, problem: { kind: 'outside', position, size } };
    }
    const last = readAt(descriptor, Number(position) + NUMBER_OFFSET, 4).readUInt32BE() + 1;
    return { ok: true, file: { ...common, last } };
  } finally {
    closeSync(descriptor);
  }
}

/** The last position that the index holds, or null when it is missing or empty. */
export function lastIndexed(file: BlockFile): bigint | null {
  const index = readIndex(file);
  return index === null || index.length < 8 ? null : index.readBigUInt64LE(index.length - 8);
}

/** The position behind the last block of the log itself. */
export function lastPosition(file: BlockFile): bigint {
  const descriptor = openSync(file.path, 'r');
  try {
    return readAt(descriptor, file.size - 8, 8).readBigUInt64LE();
  } finally {
    closeSync(descriptor);
  }
}

/** Whether the index has an entry for each block. */
export function isIndexed(file: BlockFile): boolean {
  return readIndex(file)?.length === (file.last - file.first + 1) * 8;
}

function readIndex(file: BlockFile): Buffer | null {
  try {
    return readFileSync(file.indexPath);
  } catch {
    return null;
  }
}

/** Writes the index anew, walking the log backwards from the position at its end. */
export function rebuildIndex(file: BlockFile): void {
  const bytes = readFileSync(file.path);
  const index = Buffer.alloc((file.last - file.first + 1) * 8);
  let end = bytes.length;
  for (let at = index.length - 8; at >= 0; at -= 8) {
    const position = bytes.readBigUInt64LE(end - 8);
    index.writeBigUInt64LE(position, at);
    end = Number(position);
  }
  writeFileSync(file.indexPath, index);
}

/** Reads headers of one block log by number; holds it open until closed. */
export interface HeaderReader {
  /** Null when the log has another block, or none, at that place. */
  header(block: number): BlockHeader | null;
  close(): void;
}

export function openHeaders(file: BlockFile): HeaderReader {
  const index = readFileSync(file.indexPath);
  const descriptor = openSync(file.path, 'r');
  return {
    header: (block) => {
      const position = Number(index.readBigUInt64LE((block - file.first) * 8));
      try {
        const header = readHeader(readAt(descriptor, position, HEADER_BYTES), 0);
        return header.block === block ? header : null;
      } catch (error) {
        if (error instanceof RangeError) return null;
        throw error;
      }
    },
    close: () => closeSync(descriptor),
  };
}

function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
}
