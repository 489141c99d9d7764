import { expect, it } from 'vitest';
import { ok } from '../../../src/core/doctor/finding.ts';
import { runChecks } from '../../../src/core/doctor/run-checks.ts';

it('runs checks side by side and keeps their order', async () => {
  const second = Promise.withResolvers<void>();
  const results = await runChecks(
    [
      { id: 'memory', run: () => second.promise.then(() => ok('first')) },
      {
        id: 'storage',
        subject: 's3://b/k',
        run: async () => {
          second.resolve();
          return ok('second', { bytes: 1 });
        },
      },
    ],
    60_000,
  );
  expect(results).toEqual([
    { id: 'memory', subject: null, result: 'ok', finding: 'first', mend: null, values: {}, timedOut: false },
    {
      id: 'storage',
      subject: 's3://b/k',
      result: 'ok',
      finding: 'second',
      mend: null,
      values: { bytes: 1 },
      timedOut: false,
    },
  ]);
});

it('gives up a check that does not end, whether or not it heeds its signal', async () => {
  const aborted = Promise.withResolvers<void>();
  const results = await runChecks(
    [
      { id: 'disk-space', run: () => new Promise(() => undefined) },
      {
        id: 'storage',
        run: (signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              aborted.resolve();
              reject(new Error('aborted'));
            });
          }),
      },
    ],
    5,
  );
  await aborted.promise;
  for (const result of results) {
    expect(result).toMatchObject({
      result: 'failed',
      finding: expect.stringContaining('no answer within'),
      timedOut: true,
    });
  }
});

it('makes a finding of an error', async () => {
  const [result] = await runChecks([{ id: 'inodes', run: () => Promise.reject(new Error('EIO')) }], 60_000);
  expect(result).toMatchObject({
    result: 'failed',
    finding: 'It could not be looked at: EIO',
    timedOut: false,
  });
});
