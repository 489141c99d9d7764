import { expect, test } from 'vitest';
import { PriceBook } from '../../../src/core/hosts/price-book.ts';
import type { PricePoint } from '../../../src/core/hosts/provider.ts';
import { someEc2, someSettings } from './support/settings.ts';

const MINUTE = 60_000;

function scene(fields: Parameters<typeof someSettings>[0] = {}) {
  let now = 0;
  const told: string[] = [];
  const answer = { prices: [point(0.3)] as PricePoint[], warnings: [] as string[], asked: 0 };
  const book = new PriceBook({
    settings: someSettings({ ec2: someEc2({ fetchPrices: true }), ...fields }),
    fetch: async () => {
      answer.asked += 1;
      return answer;
    },
    warn: (line) => told.push(line),
    now: () => now,
  });
  const prices = async () => (await book.current(new AbortController().signal)).prices;
  return { book, answer, told, prices, pass: (ms: number) => (now += ms) };
}

function point(pricePerHour: number, type = 'c7a.large'): PricePoint {
  return { type, purchase: 'spot', pricePerHour };
}

test('prices are asked for once in a while', async () => {
  const { answer, prices, pass, book } = scene();
  expect(book.settings.prices).toEqual([]);
  expect(await Promise.all([prices(), prices()])).toEqual([[point(0.3)], [point(0.3)]]);
  pass(14 * MINUTE);
  answer.prices = [point(0.4)];
  expect(await prices()).toEqual([point(0.3)]);
  expect(answer.asked).toBe(1);
  pass(MINUTE);
  expect(await prices()).toEqual([point(0.4)]);
  expect(book.settings.prices).toEqual([point(0.4)]);
});

test('what could not be had is said once, and asked for again soon; what was known counts on', async () => {
  const { answer, prices, pass, told } = scene();
  await prices();
  pass(15 * MINUTE);
  Object.assign(answer, { prices: [point(0.5, 'm7a.large')], warnings: ['no answer'] });
  expect(await prices()).toEqual([point(0.5, 'm7a.large'), point(0.3)]);
  pass(MINUTE);
  await prices();
  expect(told).toEqual(['no answer']);
  expect(answer.asked).toBe(3);
});

test.each([
  ['it is not allowed', { ec2: someEc2() }],
  ['the hosts are none of EC2', { provider: 'ssh' as const }],
])('nobody is asked when %s', async (_, fields) => {
  const { answer, prices } = scene(fields);
  expect(await prices()).toEqual([]);
  expect(answer.asked).toBe(0);
});
