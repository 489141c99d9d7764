import type { OrchestratorClient } from '../client.ts';
import type { OrchestratorError } from '../client-error.ts';
import { parseRecord } from '../client-record.ts';
import type { FullJobRecord } from '../full-record.ts';
import type { SummaryRecord } from '../summary-record.ts';
import { followEvents, type FollowPorts } from './follow-events.ts';
import { JOB_SCHEMAS } from '../schemas/job.ts';
import { RUN_SCHEMAS } from '../schemas/run.ts';
import type { Schema } from '../schemas/schema.ts';

/** A run as it was last told. */
export interface MirroredRun {
  summary: SummaryRecord;
  /** By id, in the order of the manifest. */
  jobs: ReadonlyMap<number, FullJobRecord>;
}

/** One step by which the run has come to what it is now. */
export type RunChange =
  /** All of it was read: at the beginning, and when the changes since the last event cannot be told. */
  | { kind: 'read'; run: MirroredRun }
  | { kind: 'job'; run: MirroredRun; job: FullJobRecord; before: FullJobRecord | null }
  | { kind: 'summary'; run: MirroredRun }
  /** The orchestrator is not heard any more; it is tried again. */
  | { kind: 'lost'; error: OrchestratorError };

export type MirrorPorts = Omit<FollowPorts<Step>, 'open'> & {
  client: Pick<OrchestratorClient, 'events' | 'status' | 'summary'>;
};

interface Step {
  lastId: string | null;
  change: RunChange | null;
}

/**
 * Keeps a copy of the run up to date, over lost connections and restarts of the orchestrator, until the
 * signal is aborted.
 * @throws OrchestratorError when the orchestrator refuses, or is none that tells its changes
 */
export async function* mirrorRun({ client, ...ports }: MirrorPorts): AsyncGenerator<RunChange> {
  const mirror = new Mirror(client);
  const followed = followEvents({ ...ports, open: (lastId, signal) => mirror.connection(lastId, signal) });
  for await (const item of followed) {
    if (item.kind === 'lost') yield item;
    else if (item.event.change) yield item.event.change;
  }
}

class Mirror {
  readonly #client: MirrorPorts['client'];
  #run: { summary: SummaryRecord; jobs: Map<number, FullJobRecord> } | null = null;

  constructor(client: MirrorPorts['client']) {
    this.#client = client;
  }

  /** What one connection tells. An event counts as seen only when all that it asks for has been done. */
  async *connection(lastId: string | null, signal: AbortSignal): AsyncGenerator<Step> {
    const from = this.#run ? lastId : null;
    for await (const { name, data, lastId: seen } of this.#client.events('/events', from, signal)) {
      yield { lastId: seen, change: await this.#take(name, data, signal) };
    }
  }

  async #take(name: string, data: string, signal: AbortSignal): Promise<RunChange | null> {
    if (name === 'hello') {
      const { resumed } = parse(data, RUN_SCHEMAS.Hello, 'a greeting');
      return resumed && this.#run ? { kind: 'summary', run: this.#run } : this.#read(signal);
    }
    const run = this.#run;
    if (!run) return null;
    if (name === 'summary') {
      run.summary = parse(data, RUN_SCHEMAS.Summary, 'a summary');
      return { kind: 'summary', run };
    }
    if (name !== 'job') return null;
    const job = parse(data, JOB_SCHEMAS.FullJob, 'a job');
    const before = run.jobs.get(job.job_id) ?? null;
    run.jobs.set(job.job_id, job);
    return { kind: 'job', run, job, before };
  }

  async #read(signal: AbortSignal): Promise<RunChange> {
    const records = await this.#client.status({ signal });
    const summary = await this.#client.summary({ signal });
    this.#run = { summary, jobs: new Map(records.map((job) => [job.job_id, job])) };
    return { kind: 'read', run: this.#run };
  }
}

function parse<Shape>(data: string, schema: Schema<Shape>, what: string): Shape {
  return parseRecord(data, schema, { whose: 'one of its events', what });
}
