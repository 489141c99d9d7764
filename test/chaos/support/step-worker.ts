import {
  FULL_RECORD_TYPE,
  type FullJobRecord,
  type JobUpdate,
} from '../../../src/core/protocol/full-record.ts';
import { type Answer, HttpClient } from './http-client.ts';

/** A job as one GET shows it. */
export interface ShownJob {
  status: number;
  etag: string;
  record: FullJobRecord;
}

/** A worker whose requests a test makes one by one. */
export class StepWorker {
  readonly name: string;
  readonly #client: HttpClient;

  constructor(port: number, name: string) {
    this.name = name;
    this.#client = new HttpClient(port, { 'X-Replay-Worker': name, Accept: FULL_RECORD_TYPE });
  }

  async job(jobId: number): Promise<ShownJob> {
    return shown(await this.#client.send({ method: 'GET', path: `/job?jobid=${jobId}` }));
  }

  async nextJob(): Promise<ShownJob> {
    return shown(await this.#client.send({ method: 'GET', path: '/job?nextjob' }));
  }

  update(jobId: number, etag: string, update: JobUpdate): Promise<Answer> {
    const body = JSON.stringify(update);
    const headers = { 'If-Match': etag };
    return this.#client.send({ method: 'POST', path: `/job?jobid=${jobId}`, headers, body });
  }

  /** Claims the next job; returns its number and version. */
  async claim(): Promise<{ jobId: number; etag: string }> {
    const { record, etag } = await this.nextJob();
    return { jobId: record.job_id, etag: await this.mustUpdate(record.job_id, etag, { status: 'STARTED' }) };
  }

  /** Returns the new version. */
  async mustUpdate(jobId: number, etag: string, update: JobUpdate): Promise<string> {
    const answer = await this.update(jobId, etag, update);
    if (answer.status !== 200)
      throw new Error(`${update.status} of job ${jobId}: ${answer.status} ${answer.body}`);
    return answer.headers.etag ?? '';
  }

  close(): void {
    this.#client.close();
  }
}

function shown({ status, headers, body }: Answer): ShownJob {
  if (status !== 200) throw new Error(`${status} ${body}`);
  return { status, etag: headers.etag ?? '', record: JSON.parse(body) as FullJobRecord };
}
