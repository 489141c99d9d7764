import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { CAUSES } from '../../../src/core/domain/cause.ts';
import type { Job } from '../../../src/core/domain/job.ts';
import { isHeld } from '../../../src/core/domain/transition.ts';
import { hashOf } from './harness.ts';
import { checkJob, RIGHT, withoutEvidence } from './play-checks.ts';
import type { World, Answered } from './world.ts';

export const JOBS = 3;
const WORKERS = ['a', 'b', 'c', 'd'] as const;

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

export const step = fc.oneof(
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
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('meddle' as const),
      worker: fc.constantFrom(...WORKERS),
      jobId: fc.integer({ min: 1, max: JOBS }),
      body: fc.oneof(result, fc.constantFrom<Body>({ status: 'STARTED' }, { status: 'WORKING' })),
      anyVersion: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('rerun' as const), jobId: fc.integer({ min: 1, max: JOBS }) }),
  },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/**
 * Hosts that do as they like, beside a model that knows who may change what: after each request the
 * jobs are held against it.
 */
export class Play {
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
        assert.deepEqual(this.world.jobs(), before);
        break;
      case 'rerun':
        await this.#rerun(taken.jobId);
        break;
      case 'meddle':
        await this.#meddle(taken.worker, taken.jobId, taken.body, taken.anyVersion);
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
    assert.equal(claimed.status, 200);
    if (lost) {
      const again = await this.world.post(worker, jobId, offer.etag, body);
      assert.deepEqual([again.status, again.etag], [200, claimed.etag]);
    }
    assert.equal(this.world.job(jobId).attempts.length, attempt);
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
    if (answer.status === 200) assert.deepEqual([outcome === 'TIMEOUT', answer.etag], [false, etag]);
    else assert.ok([409, 412].includes(answer.status));
    assert.deepEqual(withoutEvidence(this.world.job(before.jobId)), withoutEvidence(before));
    assert.equal((await this.world.read(before.jobId)).etag, etag);
  }

  /** A worker that has nothing to do with a job, or not any more, but names a version that is right. */
  async #meddle(worker: string, jobId: number, body: Body, anyVersion: boolean): Promise<void> {
    const before = this.world.job(jobId);
    const { status, workerId } = before;
    const takesIt = status === 'WAITING_4_WORKER' && body['status'] === 'STARTED';
    // Its own job a worker speaks of as it believes; to take one from another is a person's decision.
    if ((isHeld(status) && workerId === worker) || body['status'] === 'WAITING_4_WORKER') return;
    const { etag } = await this.world.read(jobId);
    const answer = await this.world.post(worker, jobId, anyVersion ? '*' : etag, body);
    if (takesIt && answer.status === 200) {
      this.beliefs.push({ worker, jobId, attempt: before.attempts.length + 1, etag: answer.etag });
      return;
    }
    assert.deepEqual(withoutEvidence(this.world.job(jobId)), withoutEvidence(before));
    assert.equal((await this.world.read(jobId)).etag, etag);
    if (isHeld(status)) assert.equal(answer.status, 409);
  }

  /** A person has it run again, also while somebody holds it. */
  async #rerun(jobId: number): Promise<void> {
    if (this.world.job(jobId).status === 'WAITING_4_WORKER') return;
    const { etag } = await this.world.read(jobId);
    const answer = await this.world.post(null, jobId, etag, { status: 'WAITING_4_WORKER' });
    assert.equal(answer.status, 200);
    const job = this.world.job(jobId);
    assert.deepEqual([job.status, job.formerAttempts], ['WAITING_4_WORKER', job.attempts.length]);
  }

  #check(before: readonly Job[]): void {
    const jobs = this.world.jobs();
    assert.deepEqual(
      jobs.map(({ jobId }) => jobId),
      before.map(({ jobId }) => jobId),
    );
    for (const [index, job] of jobs.entries()) checkJob(job, before[index] ?? job);
    const holders = jobs.filter(({ status }) => isHeld(status)).map(({ workerId }) => workerId);
    assert.equal(new Set(holders).size, holders.length);
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
