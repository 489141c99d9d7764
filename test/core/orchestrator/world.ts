import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from '../../../src/core/domain/job.ts';
import { OPEN_CALLER } from '../../../src/core/orchestrator/access/caller.ts';
import type { Context } from '../../../src/core/orchestrator/context.ts';
import {
  beginLeases,
  createContext,
  type CareOptions,
} from '../../../src/core/orchestrator/create-context.ts';
import { HttpError } from '../../../src/core/orchestrator/http/reply.ts';
import type { ApiRequest } from '../../../src/core/orchestrator/http/request.ts';
import { getJob } from '../../../src/core/orchestrator/routes/get-job.ts';
import { postHostClear } from '../../../src/core/orchestrator/routes/host.ts';
import { postJob } from '../../../src/core/orchestrator/routes/post-job.ts';
import type { Collection, Document } from '../../../src/core/store/collection.ts';
import { openStore, type OpenCollection } from '../../../src/core/store/open-store.ts';
import { aSlice } from '../domain/builders.ts';
import { ManualMonotonic } from './manual-monotonic.ts';

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const MANIFEST = 'a manifest';

export interface Answered {
  status: number;
  etag: string;
  body: string;
}

/** Document files that outlive the process that writes them, without the time that a disk takes. */
function memoryDisk(): OpenCollection {
  const files = new Map<string, Map<string, Document>>();
  return <T extends Document>({ file }: { file: string }): Collection<T> => {
    const documents = files.get(file) ?? new Map<string, Document>();
    files.set(file, documents);
    const put = (document: T): void => void documents.set(document._id, structuredClone(document));
    return {
      load: async () => ({
        documents: [...documents.values()].map((document) => structuredClone(document) as T),
        damage: null,
      }),
      write: async (written) => written.forEach(put),
      sync: async () => {},
      repair: async () => {},
      compactIfWorthwhile: async () => {},
    };
  };
}

/** An orchestrator without its network: the handlers, the store and the clocks. */
export class World {
  readonly clock = new ManualMonotonic();
  readonly #folder: string;
  readonly #open = memoryDisk();
  readonly #jobs: number;
  readonly #knownHash: string;
  readonly #care: CareOptions;
  #context!: Context;

  private constructor(folder: string, jobs: number, knownHash: string, care: CareOptions) {
    this.#folder = folder;
    this.#jobs = jobs;
    this.#knownHash = knownHash;
    this.#care = care;
  }

  /** Every slice is expected to arrive at the known hash. */
  static async create(jobs: number, knownHash: string, care: CareOptions): Promise<World> {
    const world = new World(await mkdtemp(join(tmpdir(), 'replay-world-')), jobs, knownHash, care);
    await world.restart();
    return world;
  }

  remove(): Promise<void> {
    this.#context.leases.close();
    return rm(this.#folder, { recursive: true, force: true });
  }

  /** The process is gone without a word, and another one starts. */
  async restart(): Promise<void> {
    this.#context?.leases.close();
    const slices = Array.from({ length: this.#jobs }, (_, index) =>
      aSlice({
        sliceId: index + 1,
        startBlock: (index + 1) * 1000,
        endBlock: (index + 1) * 1000 + 100,
        knownHash: this.#knownHash,
      }),
    );
    const now = (): Date => new Date(Date.UTC(2026, 10, 22) + this.clock.now());
    const { store } = await openStore({
      dataDir: this.#folder,
      slices,
      manifest: MANIFEST,
      now: now(),
      logger: SILENT,
      open: this.#open,
    });
    const care = { clock: this.clock, random: () => 0.5, ...this.#care };
    this.#context = await createContext({
      store,
      manifest: null,
      order: 'manifest',
      now,
      logger: SILENT,
      care,
    });
    beginLeases(this.#context);
  }

  jobs(): Job[] {
    return [...this.#context.store.view.all()].map(({ job }) => job);
  }

  job(jobId: number): Job {
    const stored = this.#context.store.view.get(jobId);
    if (stored === undefined) throw new Error(`job ${jobId} is lost`);
    return stored.job;
  }

  setAside(): string[] {
    return this.#context.hosts.allSetAside().map(({ workerId }) => workerId);
  }

  async elapse(milliseconds: number): Promise<void> {
    this.clock.advance(milliseconds);
    // The leases that ran out on the way are in the queue before this.
    await this.#context.store.change(() => () => undefined);
    await this.#context.store.close();
  }

  next(worker: string): Promise<Answered> {
    return this.#answer(getJob(request(worker, 'GET', '/job?nextjob', {}, ''), this.#context));
  }

  read(jobId: number): Promise<Answered> {
    return this.#answer(getJob(request(null, 'GET', `/job?jobid=${jobId}`, {}, ''), this.#context));
  }

  post(worker: string | null, jobId: number, etag: string, body: object): Promise<Answered> {
    const text = JSON.stringify(body);
    const sent = request(worker, 'POST', `/job?jobid=${jobId}`, { 'if-match': etag }, text);
    return this.#answer(postJob(sent, this.#context));
  }

  clear(worker: string): Promise<Answered> {
    return this.#answer(
      postHostClear(request(null, 'POST', `/host/clear?worker=${worker}`, {}, ''), this.#context),
    );
  }

  async #answer(handled: ReturnType<typeof getJob>): Promise<Answered> {
    try {
      const { status, headers, body } = await handled;
      return { status, etag: headers?.['ETag'] ?? '', body: typeof body === 'string' ? body : '' };
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      return { status: error.status, etag: '', body: error.message };
    }
  }
}

function request(
  workerId: string | null,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): ApiRequest {
  const sent: Record<string, string> = { accept: 'application/json', ...headers };
  return {
    method,
    target,
    query: new URL(target, 'http://localhost').searchParams,
    header: (name) => sent[name.toLowerCase()],
    body: async () => body,
    workerId,
    callerKey: workerId === null ? 'address 127.0.0.1' : `worker ${workerId}`,
    address: '127.0.0.1',
    https: false,
    port: 4000,
    caller: OPEN_CALLER,
  };
}
