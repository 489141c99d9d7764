import { expect, test } from 'vitest';
import { priceOf } from '../../../src/core/hosts/prices.ts';

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
