import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SOAK, TIMEOUT_MS } from '../../chaos/support/soak.ts';
import { hashOf } from './harness.ts';
import { POLICY, RIGHT } from './play-checks.ts';
import { JOBS, Play, step, type Step } from './play.ts';
import { World } from './world.ts';

const LEASE_SECONDS = 60;
const RUNS = SOAK ? 5000 : 150;

const claim = (worker: 'a' | 'b' | 'c'): Step => ({ kind: 'claim', worker, lost: false });
const report = (belief: number, body: Record<string, unknown>): Step => {
  return { kind: 'result', belief, body, lost: false };
};
const WRONG = { status: 'COMPLETE', actual_integrity_hash: hashOf('f') };

/** Sequences that chance seldom finds: what becomes of a mismatch whose confirmation comes to no end. */
const SELDOM: Step[][] = [
  [claim('a'), report(0, WRONG), claim('b'), report(1, { status: 'ERROR', error_cause: 'bad-job' })],
  [claim('a'), report(0, WRONG), claim('b'), report(1, { status: 'ERROR' })],
  [
    claim('a'),
    report(0, WRONG),
    ...[1, 2, 3].flatMap((): Step[] => [claim('b'), { kind: 'time', seconds: 61 }]),
  ],
];

describe('whatever hosts do and whenever the orchestrator is restarted', () => {
  test(
    'no job is lost or finished twice, no budget exceeded, and no stale holder changes anything',
    { timeout: TIMEOUT_MS },
    async () => {
      const total = { steps: 0, accepted: 0, refused: 0, attempts: 0 };
      const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        const care = { leaseSeconds: LEASE_SECONDS, retries: POLICY.budgets, confirmMismatch: true };
        const world = await World.create(JOBS, RIGHT, care);
        try {
          const play = new Play(world);
          for (const taken of steps) await play.take(taken);
          await play.finish();
          total.steps += steps.length;
          total.accepted += play.counts.accepted;
          total.refused += play.counts.refused;
          total.attempts += play.beliefs.length;
        } finally {
          await world.remove();
        }
      });
      await fc.assert(property, { numRuns: RUNS, examples: SELDOM.map((steps) => [steps]) });
      const { steps, attempts, accepted, refused } = total;
      process.stdout.write(
        `${steps} steps, ${attempts} attempts, ${accepted} accepted, ${refused} refused\n`,
      );
      expect(accepted).toBeGreaterThan(500);
      expect(refused).toBeGreaterThan(100);
    },
  );
});
