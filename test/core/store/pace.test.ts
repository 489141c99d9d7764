import { expect, test } from 'vitest';
import { anAttempt } from '../domain/builders.ts';
import { openIn, slices, temporaryFolder } from './support.ts';

const at = (milliseconds: number): Date => new Date(Date.UTC(2026, 10, 22, 12) + milliseconds);

test('a summary has every change at once, and how fast the run is once a second, however often it is asked', async () => {
  const { store } = await openIn(await temporaryFolder(), slices(3));
  expect(store.summary(at(0))).toMatchObject({ jobsRemaining: 3, blocksPerSecondAverage: null });
  await store.change((jobs) => {
    const stored = jobs.get(1)!;
    const attempt = anAttempt({ outcome: 'COMPLETE', startTime: '2026-11-22T11:00:00' });
    jobs.put({ ...stored, job: { ...stored.job, status: 'ERROR', attempts: [attempt] } });
    return () => undefined;
  });
  expect(store.summary(at(999))).toMatchObject({ jobsRemaining: 2, blocksPerSecondAverage: null });
  expect(store.summary(at(1000)).blocksPerSecondAverage).toBeGreaterThan(0);
});
