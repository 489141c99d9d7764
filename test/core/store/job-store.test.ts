import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { versionKey } from '../../../src/core/domain/ledger.ts';
import type { JobDocument } from '../../../src/core/store/job-document.ts';
import { hash } from '../domain/builders.ts';
import {
  diskFull,
  faultyDisk,
  openIn,
  progressOf,
  setProgress,
  slices,
  temporaryFolder,
  type DiskFaults,
} from './support.ts';

async function documents(folder: string): Promise<JobDocument[]> {
  const text = await readFile(join(folder, 'runs/0001/jobs.db'), 'utf8');
  const [, ...lines] = text.split('\n');
  return lines.flatMap((line) => (line === '' ? [] : (JSON.parse(line) as JobDocument)));
}

describe('a run', () => {
  test('has a document for each job that was changed, and for no other', async () => {
    const folder = await temporaryFolder();
    const { store } = await openIn(folder, slices(3));
    expect(await documents(folder)).toEqual([]);
    await setProgress(store, 2, 20);
    expect(await documents(folder)).toMatchObject([{ _id: '2', job: { jobId: 2, lastBlockProcessed: 20 } }]);
    expect(Object.keys((await documents(folder))[0]?.job ?? {})).not.toContain('slice');

    const again = await openIn(folder, slices(3));
    expect([...again.store.view.all()]).toEqual([...store.view.all()]);
    expect([...again.store.view.all()].map(({ job }) => job.slice)).toEqual(slices(3));
  });

  test('keeps what was known before it, also when the manifest has learned since', async () => {
    const folder = await temporaryFolder();
    const { store } = await openIn(folder, slices(2));
    await store.change((jobs) => {
      const { slice } = jobs.get(1)!.job;
      const at = '2026-11-22T10:00:01.000Z';
      const observed = {
        versionKey: versionKey(slice),
        nodeosVersion: null,
        hash: hash('a'),
        jobId: null,
        at,
      };
      jobs.observe({ block: slice.endBlock, ...observed });
      return () => undefined;
    });
    const learned = slices(2).map((slice) =>
      slice.sliceId === 1 ? { ...slice, knownHash: hash('a') } : slice,
    );
    const again = await openIn(folder, learned);
    expect(again.isNew).toBe(false);
    expect(again.store.view.get(1)?.job).toMatchObject({
      slice: { knownHash: null },
      expectedHash: hash('a'),
    });
  });
});

describe('a change', () => {
  test('is there after a restart once it is acknowledged', async () => {
    const folder = await temporaryFolder();
    const { store, isNew } = await openIn(folder, slices(3));
    expect(isNew).toBe(true);
    await Promise.all([1, 2, 3].map((jobId) => setProgress(store, jobId, jobId * 10)));
    // Not closed: the process is gone without a word.
    const again = await openIn(folder, slices(3));
    expect(again.isNew).toBe(false);
    expect([1, 2, 3].map((jobId) => progressOf(again.store, jobId))).toEqual([10, 20, 30]);
  });

  test('raises the revision, also when many come at once', async () => {
    const { store } = await openIn(await temporaryFolder(), slices(1));
    await Promise.all(Array.from({ length: 50 }, (_, index) => setProgress(store, 1, index)));
    expect(store.view.get(1)?.job.revision).toBe(51);
  });

  test('that is refused does not keep the others of its batch from being made', async () => {
    const { store } = await openIn(await temporaryFolder(), slices(2));
    const results = await Promise.allSettled([
      setProgress(store, 1, 10),
      setProgress(store, 9, 10),
      setProgress(store, 2, 20),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect([progressOf(store, 1), progressOf(store, 2)]).toEqual([10, 20]);
  });

  test('is told to listeners after it is made, and a listener that fails does no harm', async () => {
    const { store, log } = await openIn(await temporaryFolder(), slices(1));
    const seen: unknown[] = [];
    store.onChange(() => {
      throw new Error('listener');
    });
    const end = store.onChange(({ job, before }) =>
      seen.push([before.lastBlockProcessed, job.lastBlockProcessed]),
    );
    await setProgress(store, 1, 10);
    end();
    await setProgress(store, 1, 20);
    expect(seen).toEqual([[0, 10]]);
    expect(log.filter(({ level }) => level === 'error')).toHaveLength(2);
  });
});

describe('a disk that fails', () => {
  const cases: [string, keyof DiskFaults][] = [
    ['before the write', 'write'],
    ['in the middle of the write', 'tornWrite'],
    ['at the sync', 'sync'],
  ];

  test.each(cases)('%s: the change is refused, and memory is what the disk has', async (_name, fault) => {
    const folder = await temporaryFolder();
    const faults: DiskFaults = {};
    const { store } = await openIn(folder, slices(3), faultyDisk(faults));
    await setProgress(store, 1, 10);
    faults[fault] = diskFull();
    const results = await Promise.allSettled([1, 2, 3].map((jobId) => setProgress(store, jobId, 99)));
    expect(results).toEqual(
      [1, 2, 3].map(() => ({
        status: 'rejected',
        reason: expect.objectContaining({ name: 'StoreUnavailable' }) as unknown,
      })),
    );
    expect([1, 2, 3].map((jobId) => progressOf(store, jobId))).toEqual([10, 0, 0]);
  });

  test.each(cases)('%s: it is repaired before the next change, and nothing is lost', async (_name, fault) => {
    const folder = await temporaryFolder();
    const faults: DiskFaults = {};
    const { store } = await openIn(folder, slices(3), faultyDisk(faults));
    await setProgress(store, 1, 10);
    faults[fault] = diskFull();
    await Promise.allSettled([1, 2, 3].map((jobId) => setProgress(store, jobId, 99)));
    faults[fault] = undefined;
    await setProgress(store, 2, 20);

    const again = await openIn(folder, slices(3));
    expect([1, 2, 3].map((jobId) => progressOf(again.store, jobId))).toEqual([10, 20, 0]);
    expect(again.log.filter(({ message }) => message.startsWith('dropped'))).toEqual([]);
  });

  test('goes on failing: every change is refused until the repair succeeds', async () => {
    const folder = await temporaryFolder();
    const faults: DiskFaults = { tornWrite: undefined };
    const { store } = await openIn(folder, slices(2), faultyDisk(faults));
    faults.tornWrite = diskFull();
    faults.repair = diskFull();
    await expect(setProgress(store, 1, 10)).rejects.toThrow('could not be stored');
    faults.tornWrite = undefined;
    await expect(setProgress(store, 2, 10)).rejects.toThrow('could not be stored');
    faults.repair = undefined;
    await setProgress(store, 2, 20);
    const again = await openIn(folder, slices(2));
    expect([progressOf(again.store, 1), progressOf(again.store, 2)]).toEqual([0, 20]);
  });
});
