import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeGap, neededBlocks, selectBlockFiles } from '../../../src/core/storage/block-files.ts';

const listing = (...names: string[]) => names.map((name) => ({ name, size: 10 }));

const chosen = (names: string[], startBlock: number, endBlock: number) =>
  selectBlockFiles(listing(...names), { startBlock, endBlock });

const logs = (names: string[], startBlock: number, endBlock: number) =>
  chosen(names, startBlock, endBlock).files.map((file) => file.log);

const STRIDES = ['blocks-1-1000.log', 'blocks-1001-2000.log', 'blocks-2001-3000.log', 'blocks-3001-4000.log'];

describe('which files a slice needs', () => {
  test('all that hold blocks after the start, up to the end', () => {
    expect(logs(STRIDES, 1006, 2004)).toEqual(['blocks-1001-2000.log', 'blocks-2001-3000.log']);
  });

  test('the block at the start itself is not needed, the one after it is', () => {
    expect(neededBlocks({ startBlock: 1000, endBlock: 2000 })).toEqual({ from: 1001, to: 2000 });
    expect(logs(STRIDES, 1000, 2000)).toEqual(['blocks-1001-2000.log']);
    expect(logs(STRIDES, 999, 2000)).toEqual(['blocks-1-1000.log', 'blocks-1001-2000.log']);
  });

  test('from genesis the first file is needed', () => {
    expect(logs(STRIDES, 0, 1001)).toEqual(['blocks-1-1000.log', 'blocks-1001-2000.log']);
  });

  test('a stride that starts before the slice and ends after it is enough', () => {
    expect(chosen(['blocks-1-999999.log'], 5000, 6000)).toMatchObject({
      files: [{ first: 1, last: 999_999 }],
      coversFrom: 5001,
      coversTo: 6000,
      gap: null,
    });
  });

  test('the order of the listing does not matter', () => {
    expect(logs(STRIDES.toReversed(), 500, 3500)).toEqual(STRIDES);
  });

  test('strides of different lengths follow each other', () => {
    expect(logs(['blocks-1-10.log', 'blocks-11-500.log', 'blocks-501-502.log'], 5, 502)).toHaveLength(3);
  });

  test('of overlapping strides those that reach furthest', () => {
    const names = ['blocks-1-1000.log', 'blocks-501-600.log', 'blocks-901-2500.log', 'blocks-1001-2000.log'];
    expect(logs(names, 400, 2400)).toEqual(['blocks-1-1000.log', 'blocks-901-2500.log']);
  });

  test('of files that reach equally far the shortest', () => {
    expect(logs(['blocks-1-2000.log', 'blocks-1001-2000.log'], 1500, 1600)).toEqual(['blocks-1001-2000.log']);
  });
});

describe('forms of a file', () => {
  test('the index goes with its log, each in the form there is', () => {
    expect(chosen(['blocks-1-10.log.zst', 'blocks-1-10.index'], 0, 10).files).toEqual([
      {
        first: 1,
        last: 10,
        log: 'blocks-1-10.log.zst',
        index: 'blocks-1-10.index',
        size: 20,
        logName: 'blocks-1-10.log',
        indexName: 'blocks-1-10.index',
      },
    ]);
  });

  test('compressed is preferred to plain', () => {
    const names = ['blocks-1-10.log', 'blocks-1-10.log.zst', 'blocks-1-10.index', 'blocks-1-10.index.zst'];
    for (const order of [names, names.toReversed()]) {
      expect(chosen(order, 0, 10).files).toMatchObject([
        { log: 'blocks-1-10.log.zst', index: 'blocks-1-10.index.zst' },
      ]);
    }
  });

  test('leading zeros are the same range, and are not in the name that nodeos sees', () => {
    const { files } = chosen(['blocks-0000000001-0000001000.log'], 0, 10);
    expect(files).toMatchObject([{ first: 1, last: 1000, logName: 'blocks-1-1000.log' }]);
    expect(logs(['blocks-0001-0010.log', 'blocks-1-10.log'], 0, 10)).toEqual(['blocks-1-10.log']);
  });

  test('an index may be missing, a log may not', () => {
    expect(chosen(['blocks-1-10.log'], 0, 10).files).toMatchObject([{ index: null, size: 10 }]);
    expect(chosen(['blocks-1-10.index'], 0, 10)).toMatchObject({ files: [], gap: { from: 1, to: 10 } });
  });

  test('the size is not known when a part of it is not', () => {
    const files = [
      { name: 'blocks-1-10.log', size: 10 },
      { name: 'blocks-1-10.index', size: null },
    ];
    expect(selectBlockFiles(files, { startBlock: 0, endBlock: 10 }).files[0]?.size).toBeNull();
  });

  test('what is no stride file is not used, and what may be meant as one is named', () => {
    const names = [
      'blocks.log',
      'blocks.index',
      'blocks-10-1.log',
      'blocks-0-5.log',
      'blocks-1-99999999999.log',
    ];
    const { files, ignored } = chosen(
      [...names, 'README', 'blocks-1-10.log.tmp', 'myblocks-1-10.log'],
      0,
      10,
    );
    expect(files).toEqual([]);
    expect(ignored).toEqual(['blocks.log', 'blocks-10-1.log', 'blocks-0-5.log', 'blocks-1-99999999999.log']);
  });
});

describe('gaps', () => {
  test('no files at all', () => {
    const selection = chosen([], 1006, 2004);
    expect(selection).toMatchObject({
      files: [],
      coversFrom: null,
      coversTo: null,
      gap: { from: 1007, to: 2004 },
      hole: false,
    });
    expect(describeGap(selection, 's3://bucket/blocks')).toBe(
      'The block files in s3://bucket/blocks do not hold blocks 1007 to 2004',
    );
  });

  test('files that start too late leave nothing to begin with', () => {
    expect(chosen(['blocks-2001-3000.log'], 1006, 2004)).toMatchObject({
      files: [],
      gap: { from: 1007, to: 2000 },
      hole: true,
    });
  });

  test('a hole in the middle: what lies behind it is not fetched', () => {
    const selection = chosen(['blocks-1001-2000.log', 'blocks-3001-4000.log'], 1006, 3500);
    expect(selection).toMatchObject({
      files: [{ first: 1001 }],
      coversFrom: 1007,
      coversTo: 2000,
      gap: { from: 2001, to: 3000 },
      hole: true,
    });
  });

  test('files that end before the end block: the rest must come from a peer', () => {
    const selection = chosen(['blocks-1001-2000.log'], 1006, 2001);
    expect(selection).toMatchObject({ coversTo: 2000, gap: { from: 2001, to: 2001 }, hole: false });
    expect(describeGap(selection, '/b')).toBe('The block files in /b do not hold block 2001');
  });

  test('files that end at the start of the slice are of no use', () => {
    expect(chosen(['blocks-1-1000.log'], 1000, 2000)).toMatchObject({
      files: [],
      gap: { from: 1001, to: 2000 },
    });
  });

  test('a log without a range is named when something is missing', () => {
    expect(describeGap(chosen(['blocks.log'], 0, 5), '/b')).toBe(
      'The block files in /b do not hold blocks 1 to 5 (not used: blocks.log)',
    );
  });

  test('nothing is missing: nothing to say', () => {
    expect(describeGap(chosen(STRIDES, 0, 4000), '/b')).toBeNull();
  });
});

test('whatever the listing, the chosen files hold one run without a hole or a nesting', () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 30 }));
  fc.assert(
    fc.property(
      fc.array(range),
      fc.nat(40),
      fc.integer({ min: 1, max: 40 }),
      (ranges, startBlock, length) => {
        const names = ranges.map(([first, more]) => `blocks-${first}-${first + more}.log`);
        const endBlock = startBlock + length;
        const { files, coversTo, gap } = chosen(names, startBlock, endBlock);
        const held = new Set(
          ranges.flatMap(([first, more]) => Array.from({ length: more + 1 }, (_, i) => first + i)),
        );
        let expected = startBlock;
        while (expected < endBlock && held.has(expected + 1)) expected += 1;
        expect(coversTo ?? startBlock).toBe(expected);
        expect(gap?.from ?? null).toBe(expected === endBlock ? null : expected + 1);
        files.slice(1).forEach((file, at) => {
          const before = files[at];
          expect(before !== undefined && file.first > before.first && file.last > before.last).toBe(true);
          expect(file.first).toBeLessThanOrEqual((before?.last ?? 0) + 1);
        });
      },
    ),
  );
});
