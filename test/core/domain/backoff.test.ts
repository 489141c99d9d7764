import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelay } from '../../../src/core/domain/backoff.ts';

const LIMITS = { baseMs: 500, maxMs: 30_000 };

describe('backoffDelay', () => {
  it.each([
    [1, 500],
    [2, 1000],
    [3, 2000],
    [6, 16_000],
    [7, 30_000],
    [10_000, 30_000],
  ])('after %i failed tries is at most %i ms', (attempt, most) => {
    expect(backoffDelay({ ...LIMITS, attempt, random: 1 })).toBe(most);
  });

  it('is any share of that', () => {
    expect(backoffDelay({ ...LIMITS, attempt: 3, random: 0 })).toBe(0);
    expect(backoffDelay({ ...LIMITS, attempt: 3, random: 0.25 })).toBe(500);
  });

  it('starts with the base even when nothing has failed', () => {
    expect(backoffDelay({ ...LIMITS, attempt: 0, random: 1 })).toBe(500);
  });

  it('grows with each try and stays within its limit', () => {
    const property = fc.property(
      fc.nat(2000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, random) => {
        const delay = backoffDelay({ ...LIMITS, attempt, random });
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(LIMITS.maxMs);
        expect(backoffDelay({ ...LIMITS, attempt: attempt + 1, random })).toBeGreaterThanOrEqual(delay);
      },
    );
    fc.assert(property);
  });
});
