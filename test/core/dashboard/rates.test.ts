import { describe, expect, test } from 'vitest';
import { setClock } from '../../../src/core/dashboard/data/clock.ts';
import { ratesOf } from '../../../src/core/dashboard/data/rates.ts';
import { applyJob } from '../../../src/core/dashboard/data/store.ts';
import { formatUtc } from '../../../src/core/domain/time.ts';
import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';

/** A host tells its rate at a second of the test. */
function tell(jobId: number, second: number, rate: number | null, more: Partial<FullJobRecord> = {}): void {
  setClock(formatUtc(new Date(Date.UTC(2026, 10, 22) + second * 1000)));
  const record = { job_id: jobId, attempt: 1, status: 'WORKING', blocks_per_second: rate, ...more };
  applyJob(record as FullJobRecord);
}

const valuesOf = (jobId: number, attempt = 1) => ratesOf(jobId, attempt)?.values;

describe('the rates of a job', () => {
  test('are what its host told, one a second at most', () => {
    tell(1, 0, 100);
    tell(1, 0, 101);
    tell(1, 5, 120);
    tell(1, 10, null);
    tell(1, 12, 90);
    expect(valuesOf(1)).toEqual([100, 120, 90]);
    expect(valuesOf(2)).toBeUndefined();
  });

  test('begin anew with another attempt, and stay when it is over', () => {
    tell(3, 0, 100);
    tell(3, 9, 50, { attempt: 2 });
    tell(3, 12, 50, { attempt: 2, status: 'COMPLETE' });
    expect([valuesOf(3, 1), valuesOf(3, 2)]).toEqual([undefined, [50]]);
  });

  test('are of the whole attempt, in a bounded number of points', () => {
    for (let second = 0; second < 5000; second += 1) tell(4, 100 + second, second);
    const values = valuesOf(4)!;
    expect(values.length).toBeLessThanOrEqual(720);
    expect([values[0], values.at(-1)]).toEqual([0, 4999]);
  });

  test('are kept of those jobs that were heard of last', () => {
    for (let jobId = 1000; jobId < 1500; jobId += 1) tell(jobId, 9000, 1);
    expect([valuesOf(1000), valuesOf(1499)]).toEqual([undefined, [1]]);
  });
});
