import { array, assert, boolean, double, oneof, option, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterGap,
  costOf,
  MAX_GAP_MS,
  NEW_ACCOUNT,
  NO_FORMER_HOSTS,
  withFormer,
  withPrice,
  type HostAccount,
} from '../../../src/core/domain/cost.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** A host of 6 dollars an hour costs a dollar in ten minutes. */
const PRICED = withPrice(NEW_ACCOUNT, 6);

function heard(account: HostAccount, ...gaps: number[]): HostAccount {
  return gaps.reduce((so, gap) => afterGap(so, gap), account);
}

function whole(account: HostAccount, isSeen = false) {
  return costOf([{ account, isSeen }], NO_FORMER_HOSTS);
}

describe('the time of a host', () => {
  test('is that between its words, at its price', () => {
    const account = heard(PRICED, ...Array.from({ length: 120 }, () => 30_000));
    expect(account.countedMs).toBe(HOUR);
    expect(account.usd).toBeCloseTo(6, 9);
  });

  test.each([
    ['just short of the limit', MAX_GAP_MS - 1, MAX_GAP_MS - 1],
    ['at the limit', MAX_GAP_MS, MAX_GAP_MS],
    ['beyond it: the host was off', 50 * HOUR, MAX_GAP_MS],
    ['none', 0, 0],
    ['of a clock that went back', -HOUR, 0],
  ])('counts a gap %s', (_what, gap, counted) => {
    expect(heard(PRICED, gap).countedMs).toBe(counted);
    expect(heard(PRICED, gap).usd).toBeCloseTo((counted / HOUR) * 6, 9);
  });

  test('never shrinks, whatever the gaps and prices', () => {
    const step = oneof(double({ noNaN: true }), option(double({ min: 0, max: 10_000, noNaN: true })));
    assert(
      property(array(tuple(step, boolean())), (steps) => {
        let account = NEW_ACCOUNT;
        for (const [value, isPrice] of steps) {
          const next = isPrice
            ? withPrice(account, value === null ? null : Math.min(Math.abs(value), 10_000))
            : afterGap(account, value ?? 0);
          expect(next.usd).toBeGreaterThanOrEqual(account.usd);
          expect(next.countedMs).toBeGreaterThanOrEqual(account.countedMs);
          expect(next.unpricedMs).toBeLessThanOrEqual(next.countedMs);
          account = next;
        }
      }),
    );
  });
});

describe('a price', () => {
  test('that comes late counts for the time before it', () => {
    const account = withPrice(heard(NEW_ACCOUNT, 10 * MINUTE), 6);
    expect(account).toEqual({ pricePerHour: 6, countedMs: 10 * MINUTE, unpricedMs: 0, usd: 1 });
  });

  test('that changes counts from then on', () => {
    const account = heard(withPrice(heard(PRICED, 10 * MINUTE), 12), 10 * MINUTE);
    expect(account.usd).toBeCloseTo(1 + 2, 9);
  });

  test('that is taken back leaves what was counted, and what follows is without one', () => {
    const account = heard(withPrice(heard(PRICED, 10 * MINUTE), null), 5 * MINUTE);
    expect(account).toEqual({
      pricePerHour: null,
      countedMs: 15 * MINUTE,
      unpricedMs: 5 * MINUTE,
      usd: 1,
    });
  });

  test('of nothing is a price', () => {
    expect(whole(heard(withPrice(NEW_ACCOUNT, 0), MINUTE))).toMatchObject({ usd: 0, hostsPriced: 1 });
  });
});

describe('the cost of a run', () => {
  test('is not known while no host has said its price', () => {
    expect(costOf([], NO_FORMER_HOSTS)).toBeNull();
    expect(whole(heard(NEW_ACCOUNT, MINUTE), true)).toBeNull();
  });

  test('is the sum over its hosts, and counts those that are missing in it', () => {
    const hosts = [
      { account: heard(PRICED, 10 * MINUTE), isSeen: true },
      { account: heard(withPrice(NEW_ACCOUNT, 3), 10 * MINUTE), isSeen: false },
      { account: heard(NEW_ACCOUNT, 10 * MINUTE), isSeen: true },
    ];
    expect(costOf(hosts, NO_FORMER_HOSTS)).toEqual({
      usd: 1.5,
      // Of the one that is there now.
      usdPerHour: 6,
      hostsPriced: 2,
      hostsUnpriced: 1,
    });
  });

  test('keeps the part of hosts that were forgotten', () => {
    const former = withFormer(withFormer(NO_FORMER_HOSTS, heard(PRICED, 10 * MINUTE)), NEW_ACCOUNT);
    expect(costOf([], former)).toEqual({ usd: 1, usdPerHour: 0, hostsPriced: 1, hostsUnpriced: 1 });
  });
});
