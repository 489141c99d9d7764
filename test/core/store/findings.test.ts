import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settle, versionKey } from '../../../src/core/domain/ledger.ts';
import type { FoundHashes } from '../../../src/core/domain/summary.ts';
import type { JobStore } from '../../../src/core/store/job-store.ts';
import { hash } from '../domain/builders.ts';
import { openIn, slices, temporaryFolder } from './support.ts';

const SLICES = 4;

interface Step {
  /** 1 to SLICES. */
  jobId: number;
  hash: string;
  kind: 'finish' | 'observe' | 'again';
}

const aStep = fc.record({
  jobId: fc.integer({ min: 1, max: SLICES }),
  hash: fc.constantFrom(hash('a'), hash('b')),
  kind: fc.constantFrom<Step['kind'][]>('finish', 'observe', 'again'),
});

describe('conflicts and suspect snapshots', () => {
  test('are, after every change and after a restart, what all jobs together show', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 1, maxLength: 12 }), async (steps) => {
        const folder = await temporaryFolder();
        const manifest = slices(SLICES).map((slice) => ({ ...slice, knownHash: hash('a') }));
        const { store } = await openIn(folder, manifest);
        for (const step of steps) {
          await take(store, step);
          expect(found(store)).toEqual(wanted(store));
        }
        const again = await openIn(folder, manifest);
        expect(found(again.store)).toEqual(wanted(store));
        count += found(store).conflicts.length + found(store).suspects.length;
      }),
      { numRuns: 40, seed: 1 },
    );
    expect(count).toBeGreaterThan(20);
  });
});

function found(store: JobStore): FoundHashes {
  const { hashConflicts, suspectSnapshots } = store.summary(new Date('2026-11-22T10:00:00Z'));
  return { conflicts: hashConflicts, suspects: suspectSnapshots };
}

function wanted(store: JobStore): FoundHashes {
  const jobs = [...store.view.all()].map(({ job }) => job);
  const { conflicts, suspects } = settle(jobs, store.view.observations());
  return { conflicts, suspects };
}

async function take(store: JobStore, step: Step): Promise<void> {
  await store.change((jobs) => {
    const stored = jobs.get(step.jobId)!;
    const { slice } = stored.job;
    if (step.kind === 'observe') {
      const { startBlock: block } = slice;
      const key = versionKey(slice);
      const at = '2026-11-22T10:00:00.000Z';
      jobs.observe({ block, versionKey: key, nodeosVersion: null, hash: step.hash, jobId: step.jobId, at });
    } else {
      const [status, actualHash] =
        step.kind === 'finish' ? (['COMPLETE', step.hash] as const) : (['WAITING_4_WORKER', null] as const);
      jobs.put({ ...stored, job: { ...stored.job, status, actualHash } });
    }
    return () => undefined;
  });
}
