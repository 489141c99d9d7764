import {
  FULL_RECORD_TYPE,
  type FullJobRecord,
  type JobUpdate,
} from '../../../src/core/protocol/full-record.ts';
import type { CrashRun } from './crash-run.ts';
import { hashAt, type PlannedSlice } from './crash-world.ts';
import type { HttpClient } from './http-client.ts';

/** A worker that computes nothing, and speaks to the orchestrator like one that does. */
export class SimulatedWorker {
  readonly #name: string;
  readonly #run: CrashRun;
  readonly #client: HttpClient;
  #etag = '';

  constructor(name: string, run: CrashRun) {
    this.#name = name;
    this.#run = run;
    this.#client = run.client(name);
  }

  /** Takes jobs until all are finished. */
  async work(): Promise<void> {
    while (!this.#run.isOver) {
      const slice = await this.#claim();
      if (slice) await this.#replay(slice);
      await this.#run.pause();
    }
    this.#client.close();
  }

  async #claim(): Promise<PlannedSlice | null> {
    const changes = this.#run.plan.map(({ jobId }) => this.#run.model.changesOf(jobId));
    const headers = { Accept: FULL_RECORD_TYPE };
    const offer = await this.#run.gate.attempt(() =>
      this.#client.send({ method: 'GET', path: '/job?nextjob', headers }),
    );
    if (offer === null || offer.status === 404) return null;
    if (offer.status !== 200) throw new Error(`${this.#name}: nextjob: ${offer.status} ${offer.body}`);
    const { job_id: jobId } = JSON.parse(offer.body) as FullJobRecord;
    const slice = this.#run.plan.find((planned) => planned.jobId === jobId);
    if (!slice) throw new Error(`${this.#name} was offered job ${jobId}, which nobody planned`);
    this.#etag = offer.headers.etag ?? '';
    const changesThen = changes[this.#run.plan.indexOf(slice)] ?? 0;
    return (await this.#post(slice, { status: 'STARTED', stage: 'fetch' }, changesThen)) ? slice : null;
  }

  async #replay(slice: PlannedSlice): Promise<void> {
    const { startBlock, endBlock, actual } = slice;
    if (slice.impossible) return this.#giveUp(slice);
    await this.#post(slice, { status: 'LOADING_SNAPSHOT' });
    if (slice.givenBackOnce && this.#run.isFirstTry(slice.jobId)) {
      await this.#post(slice, { status: 'WAITING_4_WORKER', error_cause: 'interrupted' });
      return;
    }
    const sighting = { kind: 'sighting', block: startBlock, hash: hashAt(startBlock) } as const;
    if (startBlock !== this.#run.plan[0]?.startBlock) {
      await this.#run.deliver(this.#client, { ...sighting, worker: this.#name });
    }
    for (let block = startBlock + 1; ; block += block < endBlock - 1 ? 1 : 0) {
      await this.#post(slice, { status: 'WORKING', last_block_processed: block });
      await this.#run.pause();
      if (block >= startBlock + 3 && this.#run.takePermit()) break;
    }
    await this.#post(slice, {
      status: 'COMPLETE',
      actual_integrity_hash: actual,
      last_block_processed: endBlock,
    });
  }

  async #giveUp(slice: PlannedSlice): Promise<void> {
    while (!this.#run.takePermit()) await this.#run.pause();
    await this.#post(slice, { status: 'ERROR', error_cause: 'bad-job', error_message: 'it cannot work' });
  }

  async #post(slice: PlannedSlice, update: JobUpdate, changesThen = 0): Promise<boolean> {
    const { jobId } = slice;
    const change = { kind: 'job', worker: this.#name, jobId, etag: this.#etag, update, changesThen } as const;
    const done = await this.#run.deliver(this.#client, change);
    if (done) this.#etag = done.etag;
    return done !== null;
  }
}
