import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { versionKey } from '../../../src/core/domain/ledger.ts';
import type { JobStore } from '../../../src/core/store/job-store.ts';
import { changeFrom, firstRevisionAfter } from '../../../src/core/store/revisions.ts';
import { currentRevision, versionTag, type StoredJob } from '../../../src/core/store/stored-job.ts';
import { hash } from '../domain/builders.ts';
import { openIn, progressOf, setProgress, slices, temporaryFolder } from './support.ts';

const JOBS = 'runs/0001/jobs.db';

/** Gives a job to a worker, or to another one, as an accepted update would. */
function claim(store: JobStore, jobId: number, holder: string): Promise<string> {
  return store.change((jobs) => {
    const stored = jobs.get(jobId)!;
    const revision = stored.job.revision + 1;
    const job = { ...stored.job, status: 'STARTED' as const, revision };
    jobs.put({ job, fence: revision, holder, lastUpdate: null });
    return () => tagOf(store, jobId);
  });
}

/** A change of the orchestrator's own. */
async function touch(store: JobStore, jobId: number): Promise<void> {
  await store.change((jobs) => {
    const stored = jobs.get(jobId)!;
    jobs.put({ ...stored, job: { ...stored.job, expectedHash: hash('e') } });
    return () => undefined;
  });
}

function tagOf(store: JobStore, jobId: number): string {
  return versionTag(store.run.info.salt, jobId, store.view.get(jobId)!.job.revision);
}

function isCurrent(store: JobStore, jobId: number, tag: string): boolean {
  return currentRevision(store.run.info.salt, store.view.get(jobId)!, tag) !== null;
}

describe('versions after a restart', () => {
  test('stay as they were until something changes', async () => {
    const folder = await temporaryFolder();
    const { store } = await openIn(folder, slices(3));
    await claim(store, 2, 'a');
    const before = [1, 2, 3].map((jobId) => tagOf(store, jobId));
    for (let start = 0; start < 3; start += 1) {
      const { store: again } = await openIn(folder, slices(3));
      expect([1, 2, 3].map((jobId) => tagOf(again, jobId))).toEqual(before);
    }
  });

  const LOSSES = ['the last lines', 'all lines', 'the file'] as const;
  test.each(LOSSES)('never come back when %s were lost, with whatever clock', async (what) => {
    const folder = await temporaryFolder();
    const seen = new Set<string>();
    let count = 0;
    let { store } = await openIn(folder, slices(1));
    for (let start = 0; start < 4; start += 1) {
      for (let change = 0; change < 5; change += 1) {
        seen.add(await claim(store, 1, `${start} ${change}`));
        await touch(store, 1);
        seen.add(tagOf(store, 1));
        count += 2;
      }
      for (const tag of seen) expect(isCurrent(store, 1, tag)).toBe([...seen].slice(-2).includes(tag));
      await lose(what, join(folder, JOBS));
      ({ store } = await openIn(folder, slices(1)));
    }
    expect(seen.size).toBe(count);
  });

  test('a holder whose document is intact keeps its job, whatever else was lost', async () => {
    const folder = await temporaryFolder();
    const { store } = await openIn(folder, slices(2));
    const held = await claim(store, 1, 'a');
    const lost = [await claim(store, 2, 'b'), await claim(store, 2, 'c')];
    await lose('the last lines', join(folder, JOBS));
    const { store: again } = await openIn(folder, slices(2));
    await touch(again, 1);
    await touch(again, 1);
    expect(isCurrent(again, 1, held)).toBe(true);
    expect(lost.map((tag) => isCurrent(again, 2, tag))).toEqual([false, false]);
  });

  test('what was lost lets nobody in, also when its holder from before goes on', async () => {
    const folder = await temporaryFolder();
    const { store } = await openIn(folder, slices(1));
    const held = await claim(store, 1, 'a');
    const lost = [await claim(store, 1, 'b'), await claim(store, 1, 'c')];
    await lose('the last lines', join(folder, JOBS));
    // Across two restarts a silent holder may lose its job; nobody ever gets another's.
    for (const stays of [true, false]) {
      const { store: again } = await openIn(folder, slices(1));
      await touch(again, 1);
      expect(lost.map((tag) => isCurrent(again, 1, tag))).toEqual([false, false]);
      expect(isCurrent(again, 1, held)).toBe(stays);
    }
  });

  test('a start on a disk on which nothing can be written to changes nothing', async () => {
    const folder = await temporaryFolder();
    await openIn(folder, slices(1));
    const file = join(folder, 'runs/0001/run.json');
    const before = await readFile(file, 'utf8');
    const { store } = await openIn(folder, slices(1));
    expect(await readFile(file, 'utf8')).toBe(before);
    await touch(store, 1);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      ...(JSON.parse(before) as object),
      firstRevision: expect.any(Number) as number,
    });
  });
});

/** @param what the last two lines; all but the first one; the file, with the copy that a start makes */
async function lose(what: 'the last lines' | 'all lines' | 'the file', file: string): Promise<void> {
  if (what === 'the file') {
    await rm(file);
    return;
  }
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  const kept = lines.slice(0, what === 'all lines' ? 1 : -2);
  await writeFile(file, kept.map((line) => `${line}\n`).join(''));
}

describe('a change after a restart', () => {
  const stored = (revision: number, more: Partial<StoredJob> = {}): StoredJob => ({
    job: { revision } as StoredJob['job'],
    fence: revision,
    holder: 'worker a',
    lastUpdate: null,
    ...more,
  });

  test('of its holder has its fence and its update at the new revision', () => {
    const lastUpdate = { worker: 'a', from: 5, to: 6, digest: '' };
    expect(changeFrom(stored(5), stored(6, { lastUpdate }), 100)).toEqual(
      stored(100, { lastUpdate: { ...lastUpdate, to: 100 } }),
    );
    expect(changeFrom(stored(5), stored(7, { fence: 6 }), 100)).toEqual(stored(101, { fence: 100 }));
  });

  test('of the orchestrator leaves the fence, and marks what was skipped', () => {
    const gap = { after: 5, before: 100 };
    const changed = changeFrom(stored(5), { ...stored(6), fence: 4 }, 100);
    expect(changed).toEqual(stored(100, { fence: 4, gap }));
    expect(changeFrom(changed, { ...changed, job: stored(101).job }, 100)).toEqual(
      stored(101, { fence: 4, gap }),
    );
    expect(changeFrom(changed, { ...changed, job: stored(101).job }, 200)).toEqual(
      stored(200, { fence: 100, gap: { after: 100, before: 200 } }),
    );
  });

  test('is above all before it: by the clock, and when the clock stands still', () => {
    const now = new Date('2026-11-22T10:00:00Z');
    const first = firstRevisionAfter(undefined, now);
    expect(first).toBe(now.getTime() * 1000);
    const second = firstRevisionAfter(first, now);
    expect(second).toBeGreaterThan(first + 100_000_000);
    expect(Number.isSafeInteger(firstRevisionAfter(second, new Date('2200-01-01T00:00:00Z')))).toBe(true);
  });
});

describe('observations', () => {
  test('that come after lost ones do not take the place of others', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'runs/0001/observations.db');
    const { store } = await openIn(folder, slices(1));
    for (const digit of ['a', 'b', 'c']) await observe(store, digit);
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, lines.filter((line) => !line.includes(hash('b'))).join('\n'));
    const { store: again, log } = await openIn(folder, slices(1));
    expect(log).toMatchObject([{ level: 'warn', fields: { file: 'observations.db', missing: 1 } }]);
    await observe(again, 'd');
    const { store: third } = await openIn(folder, slices(1));
    expect(third.view.observations().map((seen) => seen.hash)).toEqual(['a', 'c', 'd'].map(hash));
  });
});

async function observe(store: JobStore, digit: string): Promise<void> {
  await store.change((jobs) => {
    const { slice } = jobs.get(1)!.job;
    const at = '2026-11-22T10:00:00.000Z';
    const seen = { versionKey: versionKey(slice), nodeosVersion: null, hash: hash(digit), jobId: 1, at };
    jobs.observe({ block: slice.startBlock, ...seen });
    return () => undefined;
  });
}

describe('files that cannot be used', () => {
  test.each(['jobs.db', 'observations.db'])('%s: the start is refused, and it is named', async (name) => {
    const folder = await temporaryFolder();
    await openIn(folder, slices(1));
    const file = join(folder, 'runs/0001', name);
    await rm(file);
    await mkdir(file);
    await expect(openIn(folder, slices(1))).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
      message: expect.stringContaining(file) as string,
    });
  });

  test('jobs.db that is empty: it is said, and every job begins anew', async () => {
    const folder = await temporaryFolder();
    const { store } = await openIn(folder, slices(2));
    await setProgress(store, 1, 10);
    await truncate(join(folder, JOBS), 0);
    const again = await openIn(folder, slices(2));
    expect(progressOf(again.store, 1)).toBe(0);
    expect(again.log).toMatchObject([
      { level: 'warn', message: expect.stringContaining('jobs may begin anew') as string },
    ]);
    expect((await openIn(folder, slices(2))).log).toEqual([]);
  });
});
