import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAUSES, type Cause } from '../../../src/core/domain/cause.ts';
import type { Attempt, Job } from '../../../src/core/domain/job.ts';
import { DEFAULT_BUDGETS, type RetryPolicy } from '../../../src/core/domain/retry-policy.ts';
import { isHeld } from '../../../src/core/domain/transition.ts';
import { hashOf } from './harness.ts';
import { World, type Answered } from './world.ts';

const JOBS = 3;
const WORKERS = ['a', 'b', 'c', 'd'] as const;
const RIGHT = hashOf('e');
const LEASE_SECONDS = 60;
const POLICY: RetryPolicy = {
  budgets: { ...DEFAULT_BUDGETS, 'host-lost': 2, interrupted: 2 },
  confirmMismatch: true,
};

/** What a worker believes of a job that it has claimed. Its version may be stale, which it cannot know. */
interface Belief {
  worker: string;
  jobId: number;
  attempt: number;
  etag: string;
}

type Body = Record<string, unknown>;

const result = fc.oneof(
  fc.constantFrom<Body>(
    { status: 'COMPLETE', actual_integrity_hash: RIGHT },
    { status: 'COMPLETE', actual_integrity_hash: hashOf('f') },
    { status: 'COMPLETE', actual_integrity_hash: hashOf('d') },
    { status: 'WAITING_4_WORKER', error_cause: 'interrupted' },
    { status: 'ERROR' },
  ),
  fc.constantFrom(...CAUSES).map((cause): Body => ({ status: 'ERROR', error_cause: cause })),
);

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      worker: fc.constantFrom(...WORKERS),
      lost: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('progress' as const),
      belief: fc.nat(),
      block: fc.nat(100),
      lost: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('result' as const),
      belief: fc.nat(),
      body: result,
      lost: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('time' as const),
      seconds: fc.constantFrom(1, 30, 61, 310, 700),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('rerun' as const), jobId: fc.integer({ min: 1, max: JOBS }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/**
 * Hosts that do as they like, beside a model that knows who may change what: after each request the
 * jobs are held against it.
 */
class Play {
  readonly world: World;
  /** All that any worker ever believed, stale or not. */
  readonly beliefs: Belief[] = [];
  /** Last request of a belief whose answer was lost: it is sent again before anything else. */
  readonly #unanswered = new Map<Belief, Body>();
  readonly #counts = { accepted: 0, refused: 0 };

  constructor(world: World) {
    this.world = world;
  }

  get counts(): { accepted: number; refused: number } {
    return this.#counts;
  }

  async take(taken: Step): Promise<void> {
    const before = this.world.jobs();
    switch (taken.kind) {
      case 'claim':
        await this.#claim(taken.worker, taken.lost);
        break;
      case 'progress':
        await this.#send(
          taken.belief,
          { status: 'WORKING', last_block_processed: 1000 + taken.block },
          taken.lost,
        );
        break;
      case 'result':
        await this.#send(taken.belief, taken.body, taken.lost);
        break;
      case 'time':
        await this.world.elapse(taken.seconds * 1000);
        break;
      case 'restart':
        await this.world.restart();
        expect(this.world.jobs()).toEqual(before);
        break;
      case 'rerun':
        await this.#rerun(taken.jobId);
        break;
    }
    this.#check(before);
  }

  async #claim(worker: string, lost: boolean): Promise<void> {
    const offer = await this.world.next(worker);
    if (offer.status !== 200) return;
    const { job_id: jobId } = JSON.parse(offer.body) as { job_id: number };
    const attempt = this.world.job(jobId).attempts.length + 1;
    const body = { status: 'STARTED' };
    const claimed = await this.world.post(worker, jobId, offer.etag, body);
    expect(claimed.status).toBe(200);
    if (lost) {
      const again = await this.world.post(worker, jobId, offer.etag, body);
      expect([again.status, again.etag]).toEqual([200, claimed.etag]);
    }
    expect(this.world.job(jobId).attempts).toHaveLength(attempt);
    this.beliefs.push({ worker, jobId, attempt, etag: claimed.etag });
  }

  async #send(index: number, body: Body, lost: boolean): Promise<void> {
    const belief = this.beliefs[index % Math.max(this.beliefs.length, 1)];
    if (belief === undefined) return;
    const first = this.#unanswered.get(belief);
    if (first !== undefined) await this.#post(belief, first, false);
    await this.#post(belief, body, lost);
  }

  async #post(belief: Belief, body: Body, lost: boolean): Promise<void> {
    const before = this.world.job(belief.jobId);
    const { etag } = await this.world.read(belief.jobId);
    const answer = await this.world.post(belief.worker, belief.jobId, belief.etag, body);
    if (!holds(before, belief)) await this.#expectNoEffect(before, belief, etag, answer);
    if (answer.status === 200) {
      this.#counts.accepted += 1;
      if (lost) this.#unanswered.set(belief, body);
      // A worker has no more to say after its result; what it says all the same, it says with what it knew.
      else if (holds(this.world.job(belief.jobId), belief)) belief.etag = answer.etag;
    } else {
      this.#counts.refused += 1;
    }
    if (!lost) this.#unanswered.delete(belief);
  }

  /** A stale holder changes nothing, but may leave evidence. Only its own result it may report again. */
  async #expectNoEffect(before: Job, belief: Belief, etag: string, answer: Answered): Promise<void> {
    const outcome = before.attempts[belief.attempt - 1]?.outcome;
    if (answer.status === 200) expect([outcome === 'TIMEOUT', answer.etag]).toEqual([false, etag]);
    else expect([409, 412]).toContain(answer.status);
    expect(withoutEvidence(this.world.job(before.jobId))).toEqual(withoutEvidence(before));
    expect((await this.world.read(before.jobId)).etag).toBe(etag);
  }

  async #rerun(jobId: number): Promise<void> {
    if (!['ERROR', 'TIMEOUT', 'HASH_MISMATCH', 'COMPLETE'].includes(this.world.job(jobId).status)) return;
    const { etag } = await this.world.read(jobId);
    const answer = await this.world.post(null, jobId, etag, { status: 'WAITING_4_WORKER' });
    expect(answer.status).toBe(200);
  }

  #check(before: readonly Job[]): void {
    const jobs = this.world.jobs();
    expect(jobs.map(({ jobId }) => jobId)).toEqual(before.map(({ jobId }) => jobId));
    for (const [index, job] of jobs.entries()) checkJob(job, before[index] ?? job);
    const holders = jobs.filter(({ status }) => isHeld(status)).map(({ workerId }) => workerId);
    expect(new Set(holders).size).toBe(holders.length);
  }

  /** All hosts are well from now on: every job has to come to an end. */
  async finish(): Promise<void> {
    for (let round = 0; round < 60; round += 1) {
      if (this.world.jobs().every(({ status }) => status !== 'WAITING_4_WORKER' && !isHeld(status))) return;
      await this.take({ kind: 'time', seconds: 310 });
      for (const worker of this.world.setAside()) await this.world.clear(worker);
      for (const worker of WORKERS) {
        const known = this.beliefs.length;
        await this.take({ kind: 'claim', worker, lost: false });
        if (this.beliefs.length === known) continue;
        const body = { status: 'COMPLETE', actual_integrity_hash: RIGHT };
        await this.take({ kind: 'result', belief: known, body, lost: false });
      }
    }
    throw new Error(
      `not at an end: ${this.world
        .jobs()
        .map(({ status }) => status)
        .join(', ')}`,
    );
  }
}

function holds(job: Job, { worker, attempt }: Belief): boolean {
  return isHeld(job.status) && job.workerId === worker && job.attempts.length === attempt;
}

function withoutEvidence(job: Job): Job {
  return { ...job, attempts: job.attempts.map(({ lateResults: _late, ...attempt }) => attempt) };
}

/** What may never be different about an attempt that is over; a mismatch is marked later. */
function ended({ number, workerId, outcome, actualHash, cause, endTime }: Attempt): unknown {
  return { number, workerId, outcome, actualHash, endTime, cause: cause === 'hash-mismatch' ? null : cause };
}

function checkJob(job: Job, before: Job): void {
  const over = before.attempts.filter(({ outcome }) => outcome !== null);
  expect(job.attempts.slice(0, over.length).map(ended)).toEqual(over.map(ended));
  const open = job.attempts.filter(({ outcome }) => outcome === null);
  expect(open).toHaveLength(isHeld(job.status) ? 1 : 0);
  const life = job.attempts.slice(job.formerAttempts ?? 0);
  checkBudgets(job, life);
  const results = life.filter(({ outcome }) => outcome === 'COMPLETE');
  expect(results.length).toBeLessThanOrEqual(2);
  if (results.length === 2) expect(results[0]).toMatchObject({ cause: 'hash-mismatch' });
  checkVerdict(job, results);
}

function checkBudgets(job: Job, life: readonly Attempt[]): void {
  const failures = Map.groupBy(
    life.filter(({ cause }) => cause !== null),
    ({ cause }) => cause as Cause,
  );
  for (const [cause, failed] of failures) {
    const budget = cause === 'hash-mismatch' ? 1 : POLICY.budgets[cause];
    expect(failed.length).toBeLessThanOrEqual(job.status === 'WAITING_4_WORKER' ? budget : budget + 1);
  }
}

/** The verdict is that of the last result against the known hash, and there is none without a result. */
function checkVerdict(job: Job, results: readonly Attempt[]): void {
  const last = results.at(-1);
  switch (job.status) {
    case 'COMPLETE':
      expect([job.verdict, job.actualHash, last?.actualHash]).toEqual(['VERIFIED', RIGHT, RIGHT]);
      break;
    case 'HASH_MISMATCH':
      expect([job.verdict, job.actualHash]).toEqual(['MISMATCH', last?.actualHash]);
      expect(job.actualHash).not.toBe(RIGHT);
      break;
    default:
      expect(job.verdict).toBeNull();
      // A wrong hash is never retried away: it has been put back once, or a person has asked for more.
      if (job.status === 'ERROR' || job.status === 'TIMEOUT') expect(results).toEqual([]);
  }
}

describe('whatever hosts do and whenever the orchestrator is restarted', () => {
  test('no job is lost or finished twice, no budget exceeded, and no stale holder changes anything', async () => {
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
    await fc.assert(property, { numRuns: 150 });
    const { steps, attempts, accepted, refused } = total;
    process.stdout.write(`${steps} steps, ${attempts} attempts, ${accepted} accepted, ${refused} refused\n`);
    expect(accepted).toBeGreaterThan(500);
    expect(refused).toBeGreaterThan(100);
  });
});
