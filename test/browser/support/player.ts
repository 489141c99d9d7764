import { createHash } from 'node:crypto';

/** A hash that a slice might have arrived at. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A manifest of slices from genesis on, each of so many blocks. */
export function manifestOf(blocks: readonly number[], more: Record<string, unknown> = {}): object[] {
  let start = 0;
  return blocks.map((count) => {
    const slice = {
      start_block_id: start,
      end_block_id: start + count,
      snapshot_path: start === 0 ? '' : `s3://chain/snapshots/snapshot-${start}.bin.zst`,
      storage_type: 's3',
      expected_integrity_hash: hashOf(`state at ${start + count}`),
      spring_version: 'v1.2.2',
      ...more,
    };
    start += count;
    return slice;
  });
}

export const equalSlices = (count: number, blocks = 1000): number[] =>
  Array.from({ length: count }, () => blocks);

/** A job in the hands of a player. */
export interface Held {
  jobId: number;
  startBlock: number;
  endBlock: number;
  etag: string;
}

/** Plays a worker over HTTP, so that a test decides what happens and when. */
export class Player {
  readonly #url: string;
  readonly #name: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, name: string, token?: string) {
    this.#url = url;
    this.#name = name;
    this.#headers = {
      Accept: 'application/json',
      'X-Replay-Worker': name,
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    };
  }

  /** Claims the next job. @param startTime of the past: UTC, `YYYY-MM-DDTHH:MM:SS` */
  async claim(startTime?: string): Promise<Held> {
    const offered = await this.#send('GET', '/job?nextjob');
    const { job_id, start_block_num, end_block_num } = (await offered.json()) as Record<string, number>;
    const held = { jobId: job_id!, startBlock: start_block_num!, endBlock: end_block_num!, etag: '' };
    held.etag = offered.headers.get('etag') ?? '';
    await this.#post(held, {
      status: 'STARTED',
      instance_id: `i-${this.#name}`,
      claim_id: hashOf(held.etag),
      ...(startTime === undefined ? {} : { start_time: startTime }),
    });
    return held;
  }

  /** Has replayed so much of the job: a share from 0 to 1. */
  replay(held: Held, share: number, blocksPerSecond: number): Promise<void> {
    const done = Math.round((held.endBlock - held.startBlock) * share);
    return this.#post(held, {
      status: 'WORKING',
      stage: 'replay',
      last_block_processed: held.startBlock + done,
      blocks_per_second: blocksPerSecond,
      nodeos_version: 'v1.2.2',
      stage_times: { install: 900, fetch: 41_000, load: 12_500 },
    });
  }

  load(held: Held): Promise<void> {
    return this.#post(held, { status: 'LOADING_SNAPSHOT', stage: 'load' });
  }

  /** Arrives at a hash; by default the one that is expected. */
  async complete(held: Held, hash = hashOf(`state at ${held.endBlock}`), endTime?: string): Promise<void> {
    await this.#post(held, {
      status: 'COMPLETE',
      last_block_processed: held.endBlock,
      actual_integrity_hash: hash,
      stage_times: { install: 900, fetch: 41_000, load: 12_500, replay: 3_600_000, hash: 8000 },
      ...(endTime === undefined ? {} : { end_time: endTime }),
    });
  }

  fail(held: Held, cause: string, message: string, endTime?: string): Promise<void> {
    return this.#post(held, {
      status: 'ERROR',
      error_cause: cause,
      error_message: message,
      ...(endTime === undefined ? {} : { end_time: endTime }),
    });
  }

  /** Says what its host is. */
  async report(facts: object): Promise<void> {
    await this.#send('POST', '/host/report', facts);
  }

  /** Sends log lines of the attempt at work. */
  async log(held: Held, attempt: number, lines: readonly string[]): Promise<void> {
    const body = lines.map((line) => `${line}\n`).join('');
    await this.#send('POST', `/job/log?jobid=${held.jobId}&attempt=${attempt}&from=0`, body);
  }

  async #post(held: Held, body: object): Promise<void> {
    const answer = await this.#send('POST', `/job?jobid=${held.jobId}`, body, { 'If-Match': held.etag });
    held.etag = answer.headers.get('etag') ?? '';
  }

  async #send(
    method: string,
    path: string,
    body?: object | string,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    const answer = await fetch(this.#url + path, {
      method,
      headers: { ...this.#headers, ...headers },
      ...(text === undefined ? {} : { body: text }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
