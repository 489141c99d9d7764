import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkBlockLog } from '../../../src/core/storage/block-log-check.ts';
import { failureOf, temporaryFolder } from './support.ts';

interface Sample {
  log: Buffer;
  index: Buffer;
}

/** A log as nodeos writes it, with blocks of 100 bytes. */
function sampleLog(first: number, last: number, version = 3): Sample {
  const header = Buffer.alloc(48, 0xff);
  header.writeUInt32LE(version, 0);
  header.writeUInt32LE(first, 4);
  const blocks: Buffer[] = [];
  const index = Buffer.alloc((last - first + 1) * 8);
  for (let number = first; number <= last; number += 1) {
    const at = 48 + blocks.length * 108;
    const block = Buffer.alloc(108, 7);
    block.writeUInt32BE(number - 1, 14);
    block.writeBigUInt64LE(BigInt(at), 100);
    index.writeBigUInt64LE(BigInt(at), blocks.length * 8);
    blocks.push(block);
  }
  return { log: Buffer.concat([header, ...blocks]), index };
}

function check(sample: { log: Buffer; index: Buffer | null }, first: number, last: number): Promise<void> {
  const folder = temporaryFolder();
  const log = path.join(folder, 'blocks-x.log');
  const index = path.join(folder, 'blocks-x.index');
  writeFileSync(log, sample.log);
  if (sample.index !== null) writeFileSync(index, sample.index);
  return checkBlockLog(log, sample.index === null ? null : index, { first, last });
}

function changed(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

const sample = sampleLog(1001, 1010);

describe('a log that holds what its name says', () => {
  test('with its index', () => expect(check(sample, 1001, 1010)).resolves.toBeUndefined());
  test('without an index', () =>
    expect(check({ ...sample, index: null }, 1001, 1010)).resolves.toBeUndefined());
  test('of one block', () => expect(check(sampleLog(5, 5), 5, 5)).resolves.toBeUndefined());
  test('from the first block on', () => expect(check(sampleLog(1, 5), 1, 5)).resolves.toBeUndefined());
  test('of version 2', () => expect(check(sampleLog(7, 9, 2), 7, 9)).resolves.toBeUndefined());
  test('of version 1, which always starts at 1', () =>
    expect(check(sampleLog(1, 3, 1), 1, 3)).resolves.toBeUndefined());
});

describe('a log that does not', () => {
  test.each([
    ['another first block', sample.log, 1000, 1010, 'its first block is 1001, expected 1000'],
    ['another last block', sample.log, 1001, 1011, 'its last block is 1010, expected 1011'],
    ['cut in the last block', sample.log.subarray(0, -5), 1001, 1010, /it is cut off|its last block is/],
    ['cut at a block', sample.log.subarray(0, -108), 1001, 1010, 'its last block is 1009, expected 1010'],
    ['a header only', sample.log.subarray(0, 48), 1001, 1010, 'it has only 48 bytes'],
    ['nothing', Buffer.alloc(0), 1001, 1010, 'it has only 0 bytes'],
    ['zeros', Buffer.alloc(5000), 1001, 1010, 'its version is 0, expected 1 to 3'],
    ['version 4', sampleLog(1, 5, 4).log, 1, 5, 'its version is 4, expected 1 to 3'],
    [
      'a pruned log',
      changed(sample.log, (copy) => copy.writeUInt32LE(0x80_00_00_03, 0)),
      1001,
      1010,
      'it is a pruned block log',
    ],
    [
      'an end that points outside',
      changed(sample.log, (copy) => copy.fill(0xee, copy.length - 8)),
      1001,
      1010,
      'it is cut off: its end points to byte',
    ],
  ])('%s', async (_, log, first, last, message) => {
    const failure = await failureOf(check({ log, index: null }, first, last));
    expect(failure.failureCause).toBe('blocks-log');
    expect(failure.message).toMatch(/^The block file blocks-x\.log is damaged or is named wrongly: /);
    expect(failure.message).toMatch(message);
  });
});

describe('an index that does not fit', () => {
  test.each([
    ['too short', sample.index.subarray(0, -8), 'it has 72 bytes, expected 80 for 10 blocks'],
    ['empty', Buffer.alloc(0), 'it has 0 bytes, expected 80 for 10 blocks'],
    [
      'another last position',
      changed(sample.index, (copy) => copy.writeBigUInt64LE(48n, 72)),
      'it puts the last block at byte 48, blocks-x.log at 1020',
    ],
    [
      'another first position',
      changed(sample.index, (copy) => copy.writeBigUInt64LE(156n, 0)),
      'it puts block 1001 at byte 156 of blocks-x.log',
    ],
    [
      'a first position outside',
      changed(sample.index, (copy) => copy.writeBigUInt64LE(1n << 60n, 0)),
      'it puts block 1001 at byte',
    ],
  ])('%s', async (_, index, message) => {
    const failure = await failureOf(check({ log: sample.log, index }, 1001, 1010));
    expect(failure.failureCause).toBe('blocks-log');
    expect(failure.message).toContain(`The block index blocks-x.index does not fit its log: ${message}`);
    expect(failure.hint).toContain('Delete the index');
  });
});
