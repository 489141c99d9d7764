import { array, assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layOut, neighbour, type Slice } from '../../../src/core/dashboard/pages/progress/layout.ts';

const slicesOf = (blocks: readonly number[]): Slice[] => {
  let start = 0;
  return blocks.map((count, at) => {
    const slice = { job_id: at + 1, start_block_num: start, end_block_num: start + count };
    start += count;
    return slice;
  });
};

const equal = (count: number): Slice[] => slicesOf(Array.from({ length: count }, () => 1000));

describe('the layout of the chain', () => {
  test('gives each slice a width in proportion to its blocks', () => {
    const { rows, segments } = layOut(slicesOf([100, 300, 100]), 1000);
    expect(rows).toBe(1);
    expect(segments.map(({ pieces }) => pieces)).toEqual([
      [{ row: 0, x: 0, width: 200 }],
      [{ row: 0, x: 200, width: 600 }],
      [{ row: 0, x: 800, width: 200 }],
    ]);
  });

  test('begins further lines when slices would become too narrow, and goes on there with one that does not fit', () => {
    const { rows, segments } = layOut(equal(165), 500);
    expect(rows).toBe(3);
    const split = segments.filter(({ pieces }) => pieces.length > 1);
    expect(split.every(({ pieces: [first, second] }) => first!.row + 1 === second!.row)).toBe(true);
    expect(segments.at(-1)?.pieces.at(-1)?.row).toBe(2);
  });

  test('draws every block of any run once, and nothing outside', () => {
    const blocks = array(integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 400 });
    assert(
      property(blocks, integer({ min: 200, max: 2000 }), (blocks, width) => {
        const { rows, segments } = layOut(slicesOf(blocks), width);
        const pieces = segments.flatMap(({ pieces }) => pieces);
        const drawn = pieces.reduce((sum, piece) => sum + piece.width, 0);
        expect(Math.abs(drawn - width * rows)).toBeLessThan(0.1 * rows);
        for (const { row, x, width: wide } of pieces) {
          expect(row).toBeLessThan(rows);
          expect(x + wide).toBeLessThanOrEqual(width + 1e-6);
        }
      }),
    );
  });

  test('puts neighbours together when there are more than anybody can see', () => {
    const { segments } = layOut(equal(10_000), 1200);
    expect(segments.length).toBeLessThanOrEqual(1500);
    expect(segments.flatMap(({ jobIds }) => jobIds)).toEqual(equal(10_000).map(({ job_id }) => job_id));
  });

  test('is empty for a run without slices', () => {
    expect(layOut([], 800)).toEqual({ rows: 1, segments: [] });
  });
});

describe('arrow keys', () => {
  const layout = layOut(equal(200), 600);

  test.each([
    ['ArrowRight', 5, 6],
    ['ArrowLeft', 5, 4],
    ['ArrowLeft', 0, 0],
    ['ArrowRight', 199, 199],
    ['Home', 50, 0],
    ['End', 50, 199],
    ['ArrowUp', 3, 3],
    ['ArrowDown', 199, 199],
  ])('%s leads from %i to %i', (key, from, to) => {
    expect(neighbour(layout, from, key)).toBe(to);
  });

  test('up and down lead to what lies above and below', () => {
    const down = neighbour(layout, 10, 'ArrowDown')!;
    expect(down).toBeGreaterThan(50);
    expect(neighbour(layout, down, 'ArrowUp')).toBe(10);
  });

  test('other keys are not ours', () => {
    expect(neighbour(layout, 5, 'a')).toBeNull();
  });
});
