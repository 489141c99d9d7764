import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { AttemptFailure } from '../domain/attempt-failure.ts';

/**
 * The block log's format, from the recorded files of Leap 5.0.3 and Spring 1.2.2 (both write version 3):
 * - version and number of the first block, 4 bytes each, little-endian; then the genesis state (log from
 *   block 1) or the chain id, and eight bytes of ff. Version 1 has no first block: it is always 1.
 * - each block, serialised, followed by the position of its own first byte (8 bytes); so the file's last
 *   8 bytes say where its last block begins.
 * - a block begins: timestamp (4), producer (8), confirmed (2), id of the previous block (32), whose
 *   first 4 bytes, big-endian, are the previous block's number.
 * - the index: for each block its position in the log (8).
 * The highest bit of the version marks a pruned log, which has another tail.
 */
const PREVIOUS_ID = 14;
const BLOCK_START = PREVIOUS_ID + 4;
const PRUNED = 0x80_00_00_00;
const MAX_VERSION = 3;
/** Version, first block, a chain id and the separator: the shortest header of a log that holds blocks. */
const MIN_HEADER = 48;

export interface BlockLogRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Checks that a block log holds the blocks that its name says. It reads the header, the last block's
 * header and, with an index, the index's length and its first and last entries: damage inside the
 * blocks is for nodeos to find (and much of that it does not find).
 *
 * @param index Path of the index; null when nodeos is to rebuild it.
 * @throws {AttemptFailure} `blocks-log`, naming the file and what does not fit.
 */
export async function checkBlockLog(log: string, index: string | null, named: BlockLogRange): Promise<void> {
  const handle = await open(log, 'r');
  try {
    const lastPosition = await checkLog(handle, path.basename(log), named);
    if (index !== null) await checkIndex(index, handle, path.basename(log), named, lastPosition);
  } finally {
    await handle.close();
  }
}

/** Returns the position of the last block. */
async function checkLog(log: FileHandle, name: string, named: BlockLogRange): Promise<number> {
  const { size } = await log.stat();
  if (size < MIN_HEADER + BLOCK_START + 8) throw damaged(name, `it has only ${size} bytes`);
  const header = await readAt(log, 0, 8);
  const version = header.readUInt32LE(0);
  if (version >= PRUNED) throw damaged(name, 'it is a pruned block log');
  if (version < 1 || version > MAX_VERSION) {
    throw damaged(name, `its version is ${version}, expected 1 to ${MAX_VERSION}`);
  }
  const first = version === 1 ? 1 : header.readUInt32LE(4);
  if (first !== named.first) throw damaged(name, `its first block is ${first}, expected ${named.first}`);
  const position = Number((await readAt(log, size - 8, 8)).readBigUInt64LE(0));
  if (position > size - 8 - BLOCK_START || position < 8) {
    throw damaged(name, `it is cut off: its end points to byte ${position} of ${size}`);
  }
  const last = await blockNumberAt(log, position);
  if (last !== named.last) throw damaged(name, `its last block is ${last}, expected ${named.last}`);
  return position;
}

async function checkIndex(
  index: string,
  log: FileHandle,
  logName: string,
  named: BlockLogRange,
  lastPosition: number,
): Promise<void> {
  const name = path.basename(index);
  const handle = await open(index, 'r');
  try {
    const { size } = await handle.stat();
    const blocks = named.last - named.first + 1;
    if (size !== blocks * 8) {
      throw badIndex(name, `it has ${size} bytes, expected ${blocks * 8} for ${blocks} blocks`);
    }
    const last = Number((await readAt(handle, size - 8, 8)).readBigUInt64LE(0));
    if (last !== lastPosition) {
      throw badIndex(name, `it puts the last block at byte ${last}, ${logName} at ${lastPosition}`);
    }
    const first = Number((await readAt(handle, 0, 8)).readBigUInt64LE(0));
    if (first > lastPosition || (await blockNumberAt(log, first)) !== named.first) {
      throw badIndex(
        name,
        `it puts block ${named.first} at byte ${first} of ${logName}, which is not where it is`,
      );
    }
  } finally {
    await handle.close();
  }
}

async function blockNumberAt(log: FileHandle, position: number): Promise<number> {
  const previous = await readAt(log, position + PREVIOUS_ID, 4);
  return previous.readUInt32BE(0) + 1;
}

/** Short reads give zeros at the end, which no check takes for a right value. */
async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  await handle.read(buffer, 0, length, position);
  return buffer;
}

function damaged(name: string, what: string): AttemptFailure {
  return new AttemptFailure('blocks-log', `The block file ${name} is damaged or is named wrongly: ${what}`, {
    hint: 'Store the file again from a node that has these blocks.',
  });
}

function badIndex(name: string, what: string): AttemptFailure {
  return new AttemptFailure('blocks-log', `The block index ${name} does not fit its log: ${what}`, {
    hint: 'Delete the index in the storage: nodeos rebuilds a missing one.',
  });
}
