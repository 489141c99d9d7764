import { expect, test } from 'vitest';
import { affordable, decideUp } from '../../../src/core/hosts/decide-up.ts';
import { dearest } from '../../../src/core/hosts/dearest.ts';
import { someEc2, someSettings } from './support/settings.ts';

const MONEY = { budget: 10, spent: 2, ratePerHour: 1, unpriced: 0, pricePerHour: 0.5, hours: 2 };

test.each([
  [{}, 6],
  [{ spent: 10 }, 0],
  [{ hours: 8 }, 0],
  [{ pricePerHour: null }, 0],
  [{ unpriced: 1 }, 0],
  [{ unpriced: 1, pricePerHour: 0 }, 0],
  // 0.3 / 0.1 is a little less than 3.
  [{ budget: 2.3, ratePerHour: 0, pricePerHour: 0.1, hours: 1 }, 3],
  [{ budget: 2.0001, ratePerHour: 0 }, 0],
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

test('a budget that cannot be kept says why, and small prices are not called nothing', () => {
  const wish = { count: 9, openJobs: 9, usable: null, others: 0, up: 2, maxHosts: 20 };
  const why = (fields: object) => decideUp({ ...wish, money: { ...MONEY, ...fields } }).notes.join();
  expect(why({ pricePerHour: null })).toContain('the price of the hosts is not known');
  expect(why({ unpriced: 1 })).toContain('the price of a host that is there is not known');
  expect(why({ unpriced: 2 })).toContain('the price of 2 hosts that are there is not known');
  expect(why({ budget: 2.01, ratePerHour: 0, pricePerHour: 0.0031 })).toContain('a new one $0.0031');
});

test('hosts that are not of the fleet take jobs, too', () => {
  const wish = { count: 'auto' as const, openJobs: 8, usable: null, up: 3, maxHosts: 20, money: null };
  expect(decideUp({ ...wish, others: 2 }).count).toBe(3);
  expect(decideUp({ ...wish, others: 9 })).toEqual({
    count: 0,
    notes: ['12 hosts are there for 8 open jobs'],
  });
});

test('auto is no more than would still get a job', () => {
  const wish = { count: 'auto' as const, openJobs: 8, others: 0, up: 3, maxHosts: 20, money: null };
  expect(decideUp({ ...wish, usable: 9 })).toEqual({ count: 5, notes: [] });
  expect(decideUp({ ...wish, usable: 1 })).toEqual({
    count: 1,
    notes: ['only 1 more host would still get a job'],
  });
  expect(decideUp({ ...wish, usable: 0 }).count).toBe(0);
  expect(decideUp({ ...wish, count: 4, usable: 0 }).count).toBe(4);
});

test('machines of other places cost what is said of them, else nothing', () => {
  const prices = [
    { type: 'ssh', purchase: null, pricePerHour: 0.05 },
    { type: 'local', purchase: null, pricePerHour: 0.01 },
  ];
  expect(dearest(someSettings({ provider: 'ssh', prices }))).toBe(0.05);
  expect(dearest(someSettings({ provider: 'local', prices: prices.slice(0, 1) }))).toBe(0);
});

test('what a launch template is of is not known: only spot hosts are held to a cap', () => {
  const ec2 = { instanceTypes: [], priceCap: 0.4 };
  expect(dearest(someSettings({ ec2: someEc2({ ...ec2, spotShare: 100 }) }))).toBe(0.4);
  expect(dearest(someSettings({ ec2: someEc2(ec2) }))).toBeNull();
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
