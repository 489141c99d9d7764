import { expect, it } from 'vitest';
import { leaseTimes } from '../../../src/core/worker/lease-times.ts';

it.each([
  [120, 10_000, { heartbeatMs: 10_000, timeoutMs: 10_000, retryMaxMs: 30_000 }],
  [120, 3_600_000, { heartbeatMs: 30_000, timeoutMs: 10_000, retryMaxMs: 30_000 }],
  [20, 10_000, { heartbeatMs: 5000, timeoutMs: 5000, retryMaxMs: 5000 }],
  [2, 10_000, { heartbeatMs: 500, timeoutMs: 1000, retryMaxMs: 500 }],
  [86_400, 3_600_000, { heartbeatMs: 3_600_000, timeoutMs: 10_000, retryMaxMs: 30_000 }],
  [undefined, 3_600_000, { heartbeatMs: 30_000, timeoutMs: 10_000, retryMaxMs: 30_000 }],
  [0, 3_600_000, { heartbeatMs: 30_000, timeoutMs: 10_000, retryMaxMs: 30_000 }],
  [Number.NaN, 3_600_000, { heartbeatMs: 30_000, timeoutMs: 10_000, retryMaxMs: 30_000 }],
])('a lease of %s s and reports every %i ms: %j', (lease, interval, times) => {
  expect(leaseTimes(lease, interval)).toEqual(times);
});

it.each([2, 5, 20, 120, 3600])(
  'a lease of %i s outlasts an unanswered sign of life and the pause after it',
  (lease) => {
    const { heartbeatMs, timeoutMs, retryMaxMs } = leaseTimes(lease, Number.POSITIVE_INFINITY);
    expect(heartbeatMs).toBeLessThanOrEqual((lease * 1000) / 4);
    expect(timeoutMs + retryMaxMs).toBeLessThan(lease * 1000);
  },
);
