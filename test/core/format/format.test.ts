import { describe, expect, it } from 'vitest';
import { formatBar, formatPercent } from '../../../src/core/format/bar.ts';
import { formatCount } from '../../../src/core/format/count.ts';
import { formatDuration } from '../../../src/core/format/duration.ts';
import { formatUsd } from '../../../src/core/format/usd.ts';
import { formatBlockRate, formatByteRate } from '../../../src/core/format/rate.ts';

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [-1, '0 s'],
    [59_400, '59 s'],
    [59_600, '1 min 00 s'],
    [200_000, '3 min 20 s'],
    [3_599_600, '1 h 00 min'],
    [18_420_000, '5 h 07 min'],
    [187_200_000, '2 d 04 h'],
  ])('%i ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('dollars', () => {
  it.each([
    [0, '$0.00'],
    [0.00001, '$0.00'],
    [0.0416, '$0.0416'],
    [0.5, '$0.50'],
    [0.99999, '$1.00'],
    [3.2, '$3.20'],
    [12_345_678.999, '$12,345,679.00'],
  ])('%d is %s', (usd, text) => {
    expect(formatUsd(usd)).toBe(text);
  });
});

describe('rates', () => {
  it.each([
    [null, '- blocks/s'],
    [0, '0.0 blocks/s'],
    [3.24, '3.2 blocks/s'],
    [9.96, '10 blocks/s'],
    [1240.4, '1,240 blocks/s'],
  ])('%s is %s', (rate, text) => {
    expect(formatBlockRate(rate)).toBe(text);
  });

  it('of bytes have a unit', () => {
    expect(formatByteRate(null)).toBe('- B/s');
    expect(formatByteRate(1024 * 1024)).toBe('1.0 MiB/s');
  });

  it('and counts have their thousands set apart', () => {
    expect(['999', '1,000', '323,611,371']).toEqual([999, 1000, 323_611_371].map(formatCount));
  });
});

describe('bars', () => {
  it.each([
    [0, '[----]', '0 %'],
    [0.5, '[##--]', '50 %'],
    [0.999, '[###-]', '99 %'],
    [1, '[####]', '100 %'],
    [1.5, '[####]', '100 %'],
    [-1, '[----]', '0 %'],
    [Number.NaN, '[----]', '0 %'],
  ])('%d', (fraction, bar, percent) => {
    expect(formatBar(fraction, 4)).toBe(bar);
    expect(formatPercent(fraction)).toBe(percent);
  });
});
