import { appendFile, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openIn, progressOf, setProgress, slices, temporaryFolder } from './support.ts';

const FILE = 'runs/0001/jobs.db';

describe('a process that was killed', () => {
  test('at any byte of its last writes leaves a file that loads, with all that was acknowledged', async () => {
    const folder = await temporaryFolder();
    const { store } = await openIn(folder, slices(2));
    const file = join(folder, FILE);
    /** Length of the file, and what was acknowledged by then. */
    const steps: { length: number; progress: number }[] = [];
    for (const progress of [0, 10, 20, 30]) {
      if (progress > 0) await setProgress(store, 1, progress);
      steps.push({ length: (await readFile(file)).length, progress });
    }
    const whole = await readFile(file);
    const from = steps[0]?.length ?? 0;
    // Around the line ends every byte, between them every 23rd: each one costs a start.
    const near = (length: number): boolean => steps.some((step) => Math.abs(step.length - length) <= 2);
    for (let length = from; length <= whole.length; length += 1) {
      if (!near(length) && length % 23 !== 0) continue;
      await writeFile(file, whole.subarray(0, length));
      const again = await openIn(folder, slices(2));
      const acknowledged = steps.findLast((step) => step.length <= length);
      // A line that lacks nothing but its line end is whole.
      const complete = steps.find((step) => step.length === length + 1) ?? acknowledged;
      expect(again.isNew).toBe(false);
      expect(progressOf(again.store, 1)).toBe(complete?.progress);
      expect(progressOf(again.store, 2)).toBe(0);
    }
  });

  test('is told of, and the file is kept as it was found', async () => {
    const folder = await temporaryFolder();
    await openIn(folder, slices(2));
    const file = join(folder, FILE);
    await appendFile(file, '{"_id":"1","job":{"jo');
    const found = await readFile(file, 'utf8');
    const { log } = await openIn(folder, slices(2));
    expect(log).toMatchObject([
      { level: 'info', message: expect.stringContaining('dropped the last line') as string },
    ]);
    const copy = (await readdir(join(folder, 'runs/0001'))).find((name) =>
      name.startsWith('jobs.db.damaged-'),
    );
    expect(await readFile(join(folder, 'runs/0001', copy ?? ''), 'utf8')).toBe(found);
  });
});

describe('a disk that lost something in the middle', () => {
  test('is warned about, and a job of which nothing is left begins anew', async () => {
    const folder = await temporaryFolder();
    const { store } = await openIn(folder, slices(3));
    for (const jobId of [2, 3]) await setProgress(store, jobId, 10 * jobId);
    const file = join(folder, FILE);
    const lines = (await readFile(file, 'utf8')).split('\n');
    const damaged = lines.map((line) => (line.includes('"_id":"2"') ? '\0'.repeat(line.length) : line));
    await writeFile(file, damaged.join('\n'));

    const again = await openIn(folder, slices(3));
    expect(again.isNew).toBe(false);
    expect([1, 2, 3].map((jobId) => progressOf(again.store, jobId))).toEqual([0, 0, 30]);
    expect(again.store.view.get(2)?.job.status).toBe('WAITING_4_WORKER');
    expect(again.log).toMatchObject([
      {
        level: 'warn',
        message: expect.stringContaining('jobs may begin anew') as string,
        fields: { dropped: 1, missing: 1 },
      },
    ]);
    const third = await openIn(folder, slices(3));
    expect(third.log).toEqual([]);
    expect([1, 2, 3].map((jobId) => progressOf(third.store, jobId))).toEqual([0, 0, 30]);
  });
});

describe('the slices of a run', () => {
  test('cut off anywhere are refused, and nothing is thrown away', async () => {
    const folder = await temporaryFolder();
    const { store } = await openIn(folder, slices(3));
    await setProgress(store, 3, 30);
    const file = join(folder, 'runs/0001/slices.json');
    const whole = await readFile(file);
    for (let length = 0; length < whole.length - 2; length += 29) {
      await writeFile(file, whole.subarray(0, length));
      await expect(openIn(folder, slices(3))).rejects.toMatchObject({ code: 'DATA_DIR_DAMAGED' });
    }
    await writeFile(file, whole);
    const again = await openIn(folder, slices(3));
    expect([again.isNew, progressOf(again.store, 3)]).toEqual([false, 30]);
  });
});
