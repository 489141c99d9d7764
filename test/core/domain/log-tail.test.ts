import { describe, expect, test } from 'vitest';
import { LogTail, partOf, TAIL_BYTES, TAIL_LINES } from '../../../src/core/domain/log-tail.ts';

function tailOf(count: number): LogTail {
  const tail = new LogTail();
  for (let number = 0; number < count; number += 1) tail.push(`line ${number}`);
  return tail;
}

const part = (from: number, lines: string[], skipped = 0) => ({ from, lines, skipped });

describe('the tail of a log', () => {
  test('gives the lines from a number on', () => {
    const tail = tailOf(3);
    expect(tail.since(0)).toEqual(part(0, ['line 0', 'line 1', 'line 2']));
    expect(tail.since(2)).toEqual(part(2, ['line 2']));
    expect(tail.since(3)).toEqual(part(3, []));
    expect(new LogTail().since(0)).toEqual(part(0, []));
  });

  test('keeps so many lines, and says how many are gone', () => {
    const tail = tailOf(TAIL_LINES + 7);
    expect(tail.next).toBe(TAIL_LINES + 7);
    const { from, lines, skipped } = tail.since(3);
    expect([from, lines.length, skipped, lines[0]]).toEqual([7, TAIL_LINES, 4, 'line 7']);
  });

  test('keeps so many bytes, however long the lines are', () => {
    const tail = new LogTail();
    for (let number = 0; number < 100; number += 1) tail.push(`${number} ${'é'.repeat(1_000_000)}`);
    const { lines } = tail.since(0);
    expect(lines.at(-1)).toMatch(/^99 é+…$/u);
    expect(Buffer.byteLength(lines.join('\n'))).toBeLessThanOrEqual(TAIL_BYTES);
    expect(lines.length).toBeGreaterThan(1);
  });
});

describe('a part of a log that is taken over', () => {
  test('continues what is there', () => {
    const tail = tailOf(2);
    expect(tail.append(part(2, ['line 2', 'line 3']))).toBe(true);
    expect(tail.since(1)).toEqual(part(1, ['line 1', 'line 2', 'line 3']));
  });

  test('doubles no line when it comes twice, or overlaps', () => {
    const tail = tailOf(2);
    for (const again of [part(1, ['line 1', 'line 2']), part(2, ['line 2']), part(0, ['line 0'])]) {
      expect(tail.append(again)).toBe(true);
    }
    expect(tail.since(0)).toEqual(tailOf(3).since(0));
  });

  test('is not taken behind a gap', () => {
    const tail = tailOf(2);
    expect(tail.append(part(3, ['line 3']))).toBe(false);
    expect(tail.since(0)).toEqual(tailOf(2).since(0));
  });

  test('is taken behind lines that its sender does not have any more', () => {
    const tail = tailOf(2);
    expect(tail.append(part(9, ['line 9'], 7))).toBe(true);
    expect(tail.next).toBe(10);
    expect(tail.since(2)).toEqual(part(9, ['line 9'], 7));
    expect(new LogTail().append(part(9, ['line 9'], 8))).toBe(false);
  });

  test('of the one tail makes the other the same, whatever was lost on the way', () => {
    const worker = tailOf(TAIL_LINES * 2);
    const restarted = new LogTail();
    restarted.append(worker.since(restarted.next));
    worker.push('more');
    restarted.append(worker.since(restarted.next));
    expect(restarted.since(0)).toEqual(worker.since(0));
  });
});

test('a part of lines in a row', () => {
  expect(partOf({ from: 5, lines: ['five', 'six'] }, 0)).toEqual(part(5, ['five', 'six'], 5));
  expect(partOf({ from: 5, lines: ['five', 'six'] }, 6)).toEqual(part(6, ['six']));
});
