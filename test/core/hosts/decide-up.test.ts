import { expect, test } from 'vitest';
import { affordable, decideUp } from '../../../src/core/hosts/decide-up.ts';
import { dearest } from '../../../src/core/hosts/dearest.ts';
import { someEc2, someSettings } from './support/settings.ts';

const MONEY = { budget: 10, spent: 2, ratePerHour: 1, pricePerHour: 0.5, hours: 2 };

test.each([
  [{}, 6],
  [{ spent: 10 }, 0],
  [{ hours: 8 }, 0],
  [{ pricePerHour: null }, 0],
  [{ pricePerHour: 0 }, Number.MAX_SAFE_INTEGER],
])('a budget with %j pays for %i more', (fields, count) => {
  expect(affordable({ ...MONEY, ...fields })).toBe(count);
});

test('auto is what the open jobs can use beyond the hosts that are there', () => {
  const wish = {
    count: 'auto' as const,
    openJobs: 8,
    usable: null,
    others: 0,
    up: 3,
    maxHosts: 20,
    money: null,
  };
  expect(decideUp(wish)).toEqual({ count: 5, notes: [] });
  expect(decideUp({ ...wish, up: 9 })).toEqual({ count: 0, notes: ['9 hosts are there for 8 open jobs'] });
  expect(decideUp({ ...wish, maxHosts: 4 })).toEqual({
    count: 1,
    notes: ['max_hosts is 4, and 3 are there'],
  });
});

test('the dearest host is that of the dearest type, and not known when one price is not', () => {
  const prices = [
    { type: 'c7a.large', purchase: null, pricePerHour: 0.5 },
    { type: 'm7a.large', purchase: 'spot' as const, pricePerHour: 0.2 },
  ];
  expect(dearest(someSettings({ prices }))).toBeNull();
  expect(dearest(someSettings({ prices, ec2: someEc2({ spotShare: 100 }) }))).toBe(0.5);
  expect(
    dearest(someSettings({ prices, ec2: someEc2({ instanceTypes: ['c7a.large'], priceCap: 0.4 }) })),
  ).toBe(0.4);
  expect(dearest(someSettings({ provider: 'local' }))).toBe(0);
});
