import { setTimeout as sleep } from 'node:timers/promises';
import { FULL_RECORD_TYPE, type FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import { Acknowledged, type SeenJob } from './acknowledged.ts';
import type { Change } from './change.ts';
import type { PlannedSlice } from './crash-world.ts';
import { HttpClient, type Sent } from './http-client.ts';
import type { Random } from './random.ts';
import { ServiceGate } from './service-gate.ts';

/** What the workers of a crash test share: the plan, the model, and the way to the orchestrator. */
export class CrashRun {
  readonly plan: readonly PlannedSlice[];
  readonly model: Acknowledged;
  readonly gate = new ServiceGate();
  readonly counts = { requests: 0, sentAgain: 0, refusedClaims: 0 };
  readonly #port: number;
  readonly #random: Random;
  /** How many jobs may be finished by now: the run has to last until the last kill. */
  #permits = 0;
  #finished = 0;
  #stopped = false;
  readonly #tried = new Set<number>();

  readonly #longestPauseMs: number;

  constructor(plan: readonly PlannedSlice[], port: number, random: Random, longestPauseMs = 25) {
    this.plan = plan;
    this.#longestPauseMs = longestPauseMs;
    this.model = new Acknowledged(plan);
    this.#port = port;
    this.#random = random;
  }

  get isOver(): boolean {
    return this.#stopped || this.#finished === this.plan.length;
  }

  client(worker: string): HttpClient {
    return new HttpClient(this.#port, { 'X-Replay-Worker': worker });
  }

  permit(jobs: number): void {
    this.#permits = jobs;
  }

  /** Lets the workers end: something has failed. */
  stop(): void {
    this.#stopped = true;
    this.gate.open();
  }

  /** Whether one more job may come to its end; taken by the one that asks. */
  takePermit(): boolean {
    if (this.#finished >= this.#permits && !this.#stopped) return false;
    this.#finished += 1;
    return true;
  }

  /** True once for each job. */
  isFirstTry(jobId: number): boolean {
    if (this.#tried.has(jobId)) return false;
    this.#tried.add(jobId);
    return true;
  }

  /** Nobody works without a pause, and no two workers stay in step. */
  pause(): Promise<void> {
    return sleep(this.#random.between(1, this.#longestPauseMs));
  }

  /** Sends a change until it is answered: the same body and version each time. False: a claim that came too late. */
  async deliver(client: HttpClient, change: Change): Promise<{ etag: string } | null> {
    this.model.sent(change);
    const request = requestOf(change);
    for (let sent = 0; !this.#stopped; sent += 1) {
      this.counts.requests += 1;
      if (sent > 0) this.counts.sentAgain += 1;
      const answer = await this.gate.attempt(() => client.send(request));
      if (answer === null) {
        await this.pause();
        continue;
      }
      if (answer.status === 200) {
        const etag = answer.headers.etag ?? '';
        this.model.acknowledged(change, etag);
        return { etag };
      }
      if (answer.status === 412 && change.kind === 'job' && change.update.status === 'STARTED') {
        this.model.refused(change);
        this.counts.refusedClaims += 1;
        return null;
      }
      throw new Error(`${change.worker}: ${request.path} ${request.body}: ${answer.status} ${answer.body}`);
    }
    return null;
  }

  /** All jobs as they are, each with its ETag. To be called while nobody else sends anything. */
  async look(): Promise<SeenJob[]> {
    const client = new HttpClient(this.#port);
    const headers = { Accept: FULL_RECORD_TYPE };
    const all = await client.send({ method: 'GET', path: '/status', headers });
    const seen: SeenJob[] = [];
    for (const { job_id: id } of JSON.parse(all.body) as FullJobRecord[]) {
      const { body, headers: given } = await client.send({
        method: 'GET',
        path: `/job?jobid=${id}`,
        headers,
      });
      seen.push({ record: JSON.parse(body) as FullJobRecord, etag: given.etag ?? '' });
    }
    client.close();
    return seen;
  }
}

function requestOf(change: Change): Sent & { body: string } {
  if (change.kind === 'sighting') {
    const body = JSON.stringify({ end_block_num: change.block, integrity_hash: change.hash });
    return { method: 'POST', path: '/config', body };
  }
  const { jobId, etag, update } = change;
  const headers = { 'If-Match': etag };
  return { method: 'POST', path: `/job?jobid=${jobId}`, headers, body: JSON.stringify(update) };
}
