import { inTurn } from '../domain/in-turn.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeHashes } from '../domain/manifest/write-back.ts';
import type { CheckNodeosOptions } from '../domain/manifest/parse.ts';
import { isHeld } from '../domain/transition.ts';
import type { Slice } from '../domain/slice.ts';
import { readConfigSlices } from '../store/config-file.ts';
import { StoreUnavailable } from '../store/group-commit.ts';
import type { JobStore } from '../store/job-store.ts';
import { beginRun, knownSlices } from '../store/open-store.ts';
import { removeRun } from '../store/run-folder.ts';
import type { Context } from './context.ts';
import { HttpError } from './http/reply.ts';
import { ManifestWriter } from './manifest-writer.ts';
import { openRun, type OpenRun, type RunSetting } from './open-run.ts';

export interface RunSource {
  /** Folder of the manifest file that `serve` was started with. */
  configFolder: string;
  /** The run was begun over HTTP, and its manifest is in its own folder. */
  replacesConfig: boolean;
  /** Whether learned hashes are written back into the manifest. */
  updateConfig: boolean;
  checkNodeosOptions: CheckNodeosOptions;
}

/** Another run, as it was asked for. */
export interface NextRun {
  /** SHA-256 of the request. */
  request: string;
  /** The run that the caller took for the current one. */
  after: number;
  /** Also when hosts hold jobs. */
  force: boolean;
  /** Who asked. */
  by: string | null;
  /**
   * Its manifest, with its overrides; paths of the slices are resolved.
   * @throws HttpError
   */
  prepare: () => Promise<{ text: string; slices: Slice[]; folder: string }>;
}

/**
 * The run that is at work, and the way from one to the next:
 *
 * - at work: requests are about `context`.
 * - sealed: what changes a job is refused (503), and is asked again. The new run is written meanwhile; its
 *   `run.json`, which is written last, is what decides. If that fails, the old run is at work again.
 * - replaced: the new run is told of, then it is `context`. What belongs to the old one ends: holders of its
 *   jobs hear that there are no such jobs, and its streams end, so that their readers come again.
 */
export class CurrentRun {
  readonly #setting: RunSetting;
  readonly #source: RunSource;
  #open: OpenRun;
  readonly #inTurn = inTurn();
  #closed = false;

  constructor(open: OpenRun, source: RunSource, setting: RunSetting) {
    this.#open = open;
    this.#source = { ...source };
    this.#setting = setting;
  }

  get context(): Context {
    return this.#open.context;
  }

  get checkNodeosOptions(): CheckNodeosOptions {
    return this.#source.checkNodeosOptions;
  }

  /** What relative paths are relative to when nobody says. */
  get folder(): string {
    return this.#source.configFolder;
  }

  /**
   * The manifest of the current run, with the hashes that it has learned, unless they are not to be written.
   * @throws HttpError when its file is gone
   */
  async manifest(): Promise<{ text: string; folder: string }> {
    const { store } = this.context;
    const { path, info } = store.run;
    const text = await readFile(join(path, 'manifest.json'), 'utf8').catch((cause: Error) => {
      throw new HttpError(409, `The manifest of run ${info.runId} cannot be read: ${cause.message}`, {
        code: 'MANIFEST_MISSING',
        hint: 'Send a manifest.',
      });
    });
    const folder = info.begun?.manifestFolder ?? this.#source.configFolder;
    return { text: this.#source.updateConfig ? writeHashes(text, learnedIn(store)) : text, folder };
  }

  /**
   * Begins another run in the place of the current one. A request that was carried out already is not
   * carried out again. Resolves when the new run is at work.
   * @throws HttpError when it is refused, StoreUnavailable when it cannot be written; then nothing has changed
   */
  async begin(next: NextRun): Promise<JobStore> {
    return this.#inTurn(async () => {
      if (this.#closed) throw new StoreUnavailable('The orchestrator is stopping');
      const { store } = this.context;
      const { info } = store.run;
      if (info.begun?.request === next.request) return store;
      if (info.runId !== next.after) throw anotherRun(info.runId, next.after);
      await this.#replace(next);
      return this.context.store;
    });
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#inTurn(() => this.#open.close());
  }

  async #replace(next: NextRun): Promise<void> {
    const old = this.#open;
    const { logger } = this.#setting;
    const manifest = await next.prepare();
    let jobsTaken = 0;
    const { store } = old.context;
    await store.seal((jobs) => {
      for (const { job } of jobs.all()) if (isHeld(job.status)) jobsTaken += 1;
      if (jobsTaken > 0 && !next.force) throw jobsHeld(jobsTaken);
    });
    const opened = await this.#write(next, manifest, jobsTaken).catch((error: unknown) => {
      store.unseal();
      throw error;
    });
    await this.#passOn('notifications', async () => {
      await old.endTelling();
      await opened.beginTelling();
    });
    this.#open = opened;
    this.#source.replacesConfig = true;
    opened.begin();
    const { runId, jobCount } = opened.context.store.run.info;
    logger.warn({ run: runId, jobs: jobCount, jobsTaken, by: next.by }, 'a new run was begun over HTTP');
    await this.#passOn('the run before', async () => {
      old.context.leases.close();
      old.context.events.end();
      await old.context.liveLogs.endAll();
      await old.close();
    });
  }

  /** The new run is on disk: whatever happens to the old one now, it goes on. */
  async #passOn(what: string, work: () => Promise<void>): Promise<void> {
    await work().catch((err: unknown) => this.#setting.logger.error({ err }, `${what} did not end in order`));
  }

  async #write(
    { request, by }: NextRun,
    { text, slices, folder }: { text: string; slices: Slice[]; folder: string },
    jobsTaken: number,
  ): Promise<OpenRun> {
    const { dataDir, now, logger } = this.#setting;
    const { store, policy, leases } = this.context;
    const { view, run } = store;
    const configSlices = this.#source.replacesConfig
      ? await readConfigSlices(run.path)
      : knownSlices(view.all(), view.observations());
    const settings = {
      retries: policy.budgets,
      confirmMismatch: policy.confirmMismatch,
      leaseSeconds: leases.termSeconds,
    };
    const begun = { request, jobsTaken, manifestFolder: folder, by };
    const options = { dataDir, slices, manifest: text, now: now(), logger };
    const next = await beginRun(options, run.info, { begun, settings, configSlices });
    try {
      const path = join(next.run.path, 'manifest.json');
      const writer = this.#source.updateConfig ? new ManifestWriter(path, text, logger) : null;
      return await openRun(next, writer, this.#setting);
    } catch (error) {
      await removeRun(dataDir, next.run.info.runId);
      throw new StoreUnavailable('The new run could not be opened; the one before goes on', { cause: error });
    }
  }
}

/** Hashes that a run has learned and its slices did not begin with. */
export function learnedIn({ view }: JobStore): (Slice & { hash: string })[] {
  return Array.from(view.all(), ({ job }) => job).flatMap(({ slice, expectedHash: hash }) =>
    hash && hash !== slice.knownHash ? [{ ...slice, hash }] : [],
  );
}

function anotherRun(current: number, asked: number): HttpError {
  const message = `The current run is run ${current}, and not run ${asked}: another one was begun meanwhile`;
  return new HttpError(409, message, { code: 'RUN_CHANGED', hint: 'Look at it before you begin another.' });
}

function jobsHeld(count: number): HttpError {
  const held = count === 1 ? 'A host is at work on a job' : `Hosts are at work on ${count} jobs`;
  return new HttpError(409, `${held} of the current run`, {
    code: 'JOBS_HELD',
    hint: 'Pause the run and wait for them, or begin with force: then they stop, and their attempts are lost.',
  });
}
