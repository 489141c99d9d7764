import { expect, test } from 'vitest';
import { simulate, type SimulationOptions } from './simulation.ts';

const RUN: SimulationOptions = {
  slices: 60,
  seconds: [300, 900],
  bootSeconds: 240,
  maxHosts: 10,
  interruptedAfter: null,
  forecasts: true,
  seed: 1,
};

const SEEDS = Array.from({ length: 10 }, (_, index) => index + 1);

function all(options: Partial<SimulationOptions>) {
  return Promise.all(SEEDS.map((seed) => simulate({ ...RUN, ...options, seed })));
}

test('hosts that nobody takes back are launched once, and each of them works', async () => {
  for (const { launches, hosts, withoutJob } of await all({})) {
    expect({ launches, hosts, withoutJob }).toEqual({ launches: 1, hosts: 10, withoutJob: 0 });
  }
});

test('for one that is taken back another is launched, and hardly any that then gets no job', async () => {
  const spot = { interruptedAfter: 1500, slices: 40 };
  const courses = await all(spot);
  for (const { launches, hosts, interrupted } of courses) {
    expect(launches).toBeLessThanOrEqual(1 + interrupted);
    expect(hosts).toBeLessThanOrEqual(10 + interrupted);
  }
  const unaware = await all({ ...spot, forecasts: false });
  const idle = (some: typeof courses): number => some.reduce((sum, { withoutJob }) => sum + withoutJob, 0);
  expect({ aware: idle(courses), unaware: idle(unaware) }).toEqual({ aware: 2, unaware: 14 });
  // The run takes no longer for it than by chance.
  const ends = (some: typeof courses): number => some.reduce((sum, { endSeconds }) => sum + endSeconds, 0);
  expect(ends(courses)).toBeLessThan(ends(unaware) * 1.05);
});
