import { expect, test } from 'vitest';
import { hostPrices } from '../../../src/core/hosts/host-prices.ts';
import { priceOf, withFetched } from '../../../src/core/hosts/prices.ts';
import type { PricePoint } from '../../../src/core/hosts/provider.ts';
import type { Ec2Settings } from '../../../src/core/hosts/settings/settings.ts';
import { someEc2, someSettings } from './support/settings.ts';

const PRICES = [
  { type: null, purchase: null, pricePerHour: 9 },
  { type: 'c7a.large', purchase: null, pricePerHour: 2 },
  { type: 'c7a.large', purchase: 'spot', pricePerHour: 1 },
] as const;

test.each([
  ['the type and purchase', 'c7a.large', 'spot', 1],
  ['the type', 'c7a.large', 'on-demand', 2],
  ['any', 'm7a.large', 'spot', 9],
] as const)('the price is that for %s', (_what, type, purchase, price) => {
  expect(priceOf(PRICES, { type, purchase })).toBe(price);
});

test('a price for another type is none', () => {
  expect(priceOf(PRICES.slice(1), { type: 'm7a.large', purchase: 'spot' })).toBeNull();
});

test('the price of a zone is for hosts there, and only where nothing is said for any', () => {
  const prices = [
    { type: 'c7a.large', purchase: 'spot', pricePerHour: 3 },
    { type: 'c7a.large', purchase: 'spot', zone: 'a', pricePerHour: 2 },
  ] as const;
  const of = (zone: string | null) => priceOf(prices, { type: 'c7a.large', purchase: 'spot', zone });
  expect([of('a'), of('b'), of(null)]).toEqual([2, 3, 3]);
  expect(withFetched([{ type: 'c7a.large', purchase: null, pricePerHour: 9 }], prices)).toHaveLength(1);
  expect(withFetched(PRICES.slice(1, 2), [{ ...prices[0], type: 'm7a.large' }])).toHaveLength(2);
});

test('hosts are told what they can be, and no more than fits', () => {
  const points = (count: number, zone?: string): PricePoint[] =>
    Array.from({ length: count }, (_, index) => ({
      type: `t${index}`,
      purchase: 'spot' as const,
      pricePerHour: 1,
      ...(zone === undefined ? {} : { zone }),
    }));
  const told = (prices: PricePoint[], ec2: Partial<Ec2Settings>) =>
    hostPrices(someSettings({ prices, ec2: someEc2({ spotShare: 50, ...ec2 }) }));
  expect(told(points(3), { instanceTypes: ['t1'] })).toMatchObject([{ type: 't1' }]);
  expect(told(points(3), { instanceTypes: [] })).toHaveLength(3);
  expect(told(points(3), { instanceTypes: [], spotShare: 0 })).toEqual([]);
  const many = [...points(60, 'a'), ...points(60, 'b'), ...points(60)];
  expect(told(many, { instanceTypes: [] })).toEqual(points(60));
});
