import { describe, expect, test } from 'vitest';
import { constants, zstdCompressSync } from 'node:zlib';
import { FrameWalker, ZstdFormatError, looksLikeZstd } from '../../../src/core/storage/zstd-frames.ts';
import { compress, sampleBytes } from './support.ts';

const SKIPPABLE = Buffer.from('502a4d1803000000aabbcc', 'hex');

function walk(bytes: Uint8Array, step = bytes.length || 1): FrameWalker {
  const walker = new FrameWalker();
  for (let at = 0; at < bytes.length; at += step) walker.push(bytes.subarray(at, at + step));
  return walker;
}

function end(bytes: Uint8Array, step?: number): FrameWalker {
  const walker = walk(bytes, step);
  walker.end();
  return walker;
}

describe('input that is whole', () => {
  const content = sampleBytes(300_000);
  const noSize = zstdCompressSync(content, { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } });

  test.each([
    ['one frame', compress(content), 300_000],
    ['without a checksum', zstdCompressSync(content), 300_000],
    ['an empty content', compress(Buffer.alloc(0)), 0],
    ['less than 256 bytes', compress(Buffer.alloc(5, 1)), 5],
    ['a size in two bytes', compress(sampleBytes(300)), 300],
    ['runs of one byte', compress(Buffer.alloc(1_000_000)), 1_000_000],
    ['a frame that declares no size', noSize, null],
    ['two frames', Buffer.concat([compress(content), compress(content)]), 600_000],
    ['a declared and an undeclared frame', Buffer.concat([compress(content), noSize]), null],
    ['skippable frames around it', Buffer.concat([SKIPPABLE, compress(content), SKIPPABLE]), 300_000],
  ])('%s', (_, bytes, declared) => {
    expect(looksLikeZstd(bytes)).toBe(true);
    const whole = end(bytes);
    expect(whole.declaredSize).toBe(declared);
    expect(whole.position).toBe(bytes.length);
    for (const step of [1, 3, 1000]) expect(end(bytes, step).declaredSize).toBe(declared);
  });

  test('the first frame says its size as soon as its header is there', () => {
    const walker = new FrameWalker();
    const bytes = compress(sampleBytes(70_000));
    walker.push(bytes.subarray(0, 5));
    expect(walker.firstDeclaredSize).toBeUndefined();
    walker.push(bytes.subarray(5, 14));
    expect(walker.firstDeclaredSize).toBe(70_000);
    expect(walk(noSize).firstDeclaredSize).toBeNull();
  });

  test('a long window is accepted up to 2 GiB', () => {
    const window = (descriptor: number) => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, descriptor, 1, 0, 0]);
    expect(() => end(window(21 << 3))).not.toThrow();
    expect(() => end(window((21 << 3) | 1))).toThrow('is more than zstd --long=31 allows at byte 5');
  });
});

describe('pieces', () => {
  test.each([1, 2, 5, 7, 100, 10_000])('are cut at the ends of frames, in chunks of %i', (step) => {
    const first = compress(sampleBytes(3000));
    const second = compress(sampleBytes(2000, 2));
    const bytes = Buffer.concat([first, SKIPPABLE, second]);
    const walker = new FrameWalker();
    const frames: { kind: string; bytes: Buffer }[] = [];
    let open: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += step) {
      for (const piece of walker.push(bytes.subarray(at, at + step))) {
        open.push(Buffer.from(piece.bytes));
        if (!piece.last) continue;
        frames.push({ kind: piece.kind, bytes: Buffer.concat(open) });
        open = [];
      }
    }
    expect(open).toEqual([]);
    expect(frames).toEqual([
      { kind: 'data', bytes: first },
      { kind: 'skippable', bytes: SKIPPABLE },
      { kind: 'data', bytes: second },
    ]);
  });
});

describe('input that is not whole', () => {
  const bytes = compress(sampleBytes(200_000));

  test('cut anywhere', () => {
    for (const length of [1, 3, 4, 5, 8, 9, 100, bytes.length - 5, bytes.length - 4, bytes.length - 1]) {
      expect(() => end(bytes.subarray(0, length))).toThrow(
        `the compressed data is cut off at byte ${length}`,
      );
    }
    expect(() => end(Buffer.concat([bytes, SKIPPABLE.subarray(0, 6)]))).toThrow('is cut off');
  });

  test('empty, or nothing but skippable frames', () => {
    expect(() => end(Buffer.alloc(0))).toThrow('there is no compressed data at byte 0');
    expect(() => end(SKIPPABLE)).toThrow('there is no compressed data at byte 11');
  });

  test('not zstd', () => {
    expect(looksLikeZstd(Buffer.from('<html>'))).toBe(false);
    expect(looksLikeZstd(bytes.subarray(0, 3))).toBe(false);
    expect(() => walk(Buffer.from('<html>'))).toThrow(new ZstdFormatError('not a zstd file', 0));
  });

  test('something behind it', () => {
    expect(() => end(Buffer.concat([bytes, Buffer.from('more')]))).toThrow(
      `unexpected bytes after the compressed data at byte ${bytes.length}`,
    );
    expect(() => end(Buffer.concat([bytes, Buffer.from('mo')]))).toThrow('is cut off');
  });

  test.each([
    ['a reserved bit', [0x28, 0xb5, 0x2f, 0xfd, 0x08], 'a reserved bit is set in a frame header at byte 4'],
    [
      'a reserved block type',
      [0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x05, 0x07, 0, 0],
      'a block of a reserved type at byte 6',
    ],
    [
      'a huge block',
      [0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0xfd, 0xff, 0xff],
      'a block larger than the format allows at byte 6',
    ],
    ['a dictionary', [0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 5], 'the data needs a zstd dictionary at byte 5'],
  ])('%s', (_, header, message) => {
    expect(() => walk(Buffer.from(header))).toThrow(message);
  });
});
