import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAUSES } from '../../../src/core/domain/cause.ts';
import { JOB_STATUSES, STAGES } from '../../../src/core/domain/job.ts';
import type { Job } from '../../../src/core/domain/job.ts';
import { decideUpdate, isHeld, MOVES } from '../../../src/core/domain/transition.ts';
import type { JobUpdateInput } from '../../../src/core/domain/transition.ts';
import { aJob, NOW } from './builders.ts';

const update: fc.Arbitrary<JobUpdateInput> = fc.record(
  {
    status: fc.constantFrom(...JOB_STATUSES),
    lastBlockProcessed: fc.option(fc.integer({ min: -1, max: 300 })),
    startTime: fc.constantFrom('2026-11-22T11:00:00', 'x', null),
    endTime: fc.constantFrom('2026-11-22T12:00:00', 'x', null),
    actualHash: fc.oneof(fc.stringMatching(/^[0-9a-fA-F]{64}$/), fc.constantFrom('', 'x', null)),
    errorMessage: fc.option(fc.string()),
    errorCause: fc.option(fc.constantFrom(...CAUSES)),
    stage: fc.option(fc.constantFrom(...STAGES)),
    blocksPerSecond: fc.option(fc.double()),
    stageTimes: fc.option(fc.record({ load: fc.nat() })),
  },
  { requiredKeys: ['status'] },
);
const step = fc.tuple(update, fc.constantFrom('host-1', 'host-2', null));

/** Every job on the way, the first one included. */
function walk(steps: readonly [JobUpdateInput, string | null][]): Job[] {
  const jobs = [aJob()];
  for (const [input, workerId] of steps) {
    const decision = decideUpdate(jobs.at(-1) ?? aJob(), input, { workerId }, NOW);
    if (decision.kind !== 'rejected') jobs.push(decision.job);
  }
  return jobs;
}

function alongEveryWalk(check: (before: Job, after: Job) => void): void {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const jobs = walk(steps);
      jobs.slice(1).forEach((after, index) => check(jobs[index] ?? after, after));
    }),
    { numRuns: 300 },
  );
}

describe('whatever is sent in whatever order', () => {
  it('the status moves along the table, and the revision grows by one with each change', () => {
    alongEveryWalk((before, after) => {
      expect([before.status, ...MOVES[before.status]]).toContain(after.status);
      expect(after.status).not.toBe('HASH_MISMATCH');
      expect(after.revision).toBe(before.revision + (after === before ? 0 : 1));
    });
  });

  it('no attempt is lost, and one that is over does not change', () => {
    alongEveryWalk((before, after) => {
      const over = before.attempts.filter(({ outcome }) => outcome !== null);
      expect(after.attempts.slice(0, over.length)).toEqual(over);
      expect(after.attempts.length - before.attempts.length).toBe(
        before.status === 'WAITING_4_WORKER' && after.status === 'STARTED' ? 1 : 0,
      );
      expect(after.attempts.map(({ number }) => number)).toEqual(
        after.attempts.map((_attempt, index) => index + 1),
      );
    });
  });

  it('a job is held exactly while its last attempt is open, and complete only with a hash', () => {
    alongEveryWalk((_before, after) => {
      const open = after.attempts.filter(({ outcome }) => outcome === null);
      expect(open).toHaveLength(isHeld(after.status) ? 1 : 0);
      expect(after.status !== 'COMPLETE' || /^[0-9a-f]{64}$/.test(after.actualHash ?? '')).toBe(true);
      expect(after.lastBlockProcessed).toBeGreaterThanOrEqual(0);
    });
  });
});
