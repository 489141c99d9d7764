import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideUp, type Money } from '../../../src/core/hosts/decide-up.ts';
import { withinBudget } from '../../../src/core/hosts/within-budget.ts';

const MONEY: Money = {
  budget: 150,
  spent: 0,
  ratePerHour: 1,
  unpriced: 0,
  pricePerHour: 1,
  // With the one host that is there.
  hours: 100,
};

/** So many hours of work, spread over one host that is there and those that come; the tail is an hour. */
function hoursWith(work: number): (count: number) => Promise<number> {
  return async (count) => work / (1 + count) + 1;
}

function launch(
  count: number,
  money: Money | null,
  hours: (count: number) => Promise<number | null>,
): Promise<{ count: number; notes: readonly string[] }> {
  const wish = { count, openJobs: 999, usable: null, others: 0, up: 1, maxHosts: 1001 };
  return withinBudget({
    money,
    decide: (some) => decideUp({ ...wish, money: some }),
    countOf: (decision) => decision.count,
    hoursWith: hours,
  });
}

test('hosts that make the run end sooner are paid for by that', async () => {
  expect(await launch(20, MONEY, hoursWith(100))).toEqual({ count: 20, notes: [] });
  // Without knowing that they do, not even one more could be.
  expect((await launch(20, MONEY, async () => null)).count).toBe(0);
});

test('what would pass the budget in the end they bring about is not launched', async () => {
  const { count, notes } = await launch(100, MONEY, hoursWith(100));
  expect(count).toBeGreaterThan(40);
  expect(count).toBeLessThan(50);
  expect(notes.join()).toContain('the budget of $150 would be passed');
  expect((await launch(100, { ...MONEY, spent: 100 }, hoursWith(100))).count).toBe(0);
});

test('without a budget nobody is asked', async () => {
  const never = (): Promise<number> => Promise.reject(new Error('asked'));
  expect(await launch(20, null, never)).toEqual({ count: 20, notes: [] });
});

test('the budget is kept, whatever the run is like, and few questions are asked', async () => {
  const some = fc.record({
    wished: fc.integer({ min: 1, max: 1000 }),
    budget: fc.integer({ min: 0, max: 5000 }),
    work: fc.integer({ min: 1, max: 5000 }),
    price: fc.integer({ min: 1, max: 50 }),
  });
  await fc.assert(
    fc.asyncProperty(some, async ({ wished, budget, work, price }) => {
      const money = { ...MONEY, budget, pricePerHour: price, ratePerHour: price };
      const hours = hoursWith(work);
      let asked = 0;
      const { count } = await launch(wished, money, (more) => {
        asked += 1;
        return hours(more);
      });
      expect(asked).toBeLessThan(12);
      const cost = count === 0 ? 0 : price * (1 + count) * Math.max(await hours(count), 1);
      expect(cost).toBeLessThanOrEqual(budget + 1e-6);
    }),
  );
});
