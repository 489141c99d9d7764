import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUtc, parseUtc, utcSeconds } from '../../../src/core/domain/time.ts';

describe('formatUtc', () => {
  it('cuts fractions off and writes no zone', () => {
    expect(formatUtc(new Date('2026-11-22T10:51:26.999Z'))).toBe('2026-11-22T10:51:26');
  });
});

describe('parseUtc', () => {
  it.each([
    ['2026-11-22T10:51:26', '2026-11-22T10:51:26'],
    ['2026-11-22T10:51:26Z', '2026-11-22T10:51:26'],
    ['2026-11-22 10:51:26', '2026-11-22T10:51:26'],
    ['2026-11-22T10:51:26.123456', '2026-11-22T10:51:26'],
    ['2026-11-22T10:51:26+02:00', '2026-11-22T08:51:26'],
    ['2028-02-29T00:00:00', '2028-02-29T00:00:00'],
    [' 2026-11-22T10:51:26\n', '2026-11-22T10:51:26'],
  ])('reads %j', (text, expected) => {
    expect(formatUtc(parseUtc(text) ?? new Date(0))).toBe(expected);
  });

  it.each([
    '',
    'now',
    '2026-11-22',
    '10:51:26',
    '2026-02-30T00:00:00',
    '2026-13-01T00:00:00',
    '2026-11-22T25:00:00',
    '1763808686',
  ])('refuses %j', (text) => {
    expect(parseUtc(text)).toBeNull();
  });

  it('reads what formatUtc writes', () => {
    const seconds = fc.integer({ min: 0, max: 253_402_300_799 });
    const property = fc.property(seconds, (second) => {
      expect(parseUtc(formatUtc(new Date(second * 1000)))?.getTime()).toBe(second * 1000);
    });
    fc.assert(property);
  });
});

describe('utcSeconds', () => {
  it('reads what formatUtc writes', () => {
    const date = fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(date, (date) => {
        expect(utcSeconds(formatUtc(date))).toBe(Math.floor(date.getTime() / 1000));
      }),
    );
    expect(utcSeconds('2024-02-29T23:59:59')).toBe(Date.UTC(2024, 1, 29, 23, 59, 59) / 1000);
  });

  it.each(['', 'yesterday', '2026-11-22T10:51:26Z', '2026-11-22T10:51:2x'])('does not read %j', (text) => {
    expect(utcSeconds(text)).toBeNaN();
  });
});
