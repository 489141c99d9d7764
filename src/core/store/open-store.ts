import { isSameRun, type KnownSlice } from '../domain/manifest/same-run.ts';
import { versionKey, type SnapshotObservation } from '../domain/ledger.ts';
import type { Slice } from '../domain/slice.ts';
import { UserError } from '../domain/user-error.ts';
import type { Logger } from '../log/logger.ts';
import { openCollection, type Collection, type Document } from './collection.ts';
import { readConfigSlices } from './config-file.ts';
import { createRun, type RequestedRun } from './create-run.ts';
import { StoreUnavailable } from './group-commit.ts';
import { JobStore } from './job-store.ts';
import { JobTable } from './job-table.ts';
import { loadRun, type LoadedRun } from './load-run.ts';
import { firstRevisionAfter } from './revisions.ts';
import { listRuns, removeRun, type RunFolder, type RunInfo } from './run-folder.ts';
import { readSlices } from './slices-file.ts';
import type { StoredJob } from './stored-job.ts';
import { unusable } from '../files/unusable.ts';

/** How a document file is opened; tests put in files that fail. */
export type OpenCollection = <T extends Document>(options: { file: string }) => Collection<T>;

export interface OpenStoreOptions {
  /** Must be locked by the caller (lock.ts). */
  dataDir: string;
  slices: readonly Slice[];
  /** Text of the manifest; a copy is kept with the run. */
  manifest: string;
  now: Date;
  logger: Logger;
  open?: OpenCollection;
}

export type StoreContext = Required<OpenStoreOptions>;

export interface OpenedStore {
  store: JobStore;
  isNew: boolean;
  /** The run goes on that was begun over HTTP in the place of the manifest's own. */
  replacesConfig: boolean;
}

/**
 * Opens the run that the manifest belongs to: the last one of the data directory when it has the same
 * slices, or was begun over HTTP when the manifest was the same one as now; else a new one, whose job ids
 * go on where the last one's end. Older runs are kept as they are.
 * @throws UserError when the directory cannot be read or written
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const context: StoreContext = { open: openCollection, ...options };
  try {
    return await chooseRun(context);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unusable(options.dataDir, error);
  }
}

async function chooseRun(context: StoreContext): Promise<OpenedStore> {
  const last = (await listRuns(context.dataDir)).at(-1);
  if (last) {
    const loaded = await loadRun(context, last, await readSlices(last));
    const isOwn = isSameRun(context.slices, knownSlices(loaded.jobs, loaded.observations));
    const replacesConfig = !isOwn && (await isReplaced(context.slices, last));
    if (isOwn || replacesConfig) {
      const firstRevision = firstRevisionAfter(last.info.firstRevision, context.now);
      return { store: await assemble(context, loaded, firstRevision), isNew: false, replacesConfig };
    }
  }
  const begun = await createRun(context, last?.info ?? null);
  return { store: await assemble(context, begun, null), isNew: true, replacesConfig: false };
}

/** Whether the run was begun over HTTP in the place of that of these slices. */
async function isReplaced(slices: readonly Slice[], { path, info }: RunFolder): Promise<boolean> {
  return info.begun !== undefined && isSameRun(slices, await readConfigSlices(path));
}

/**
 * Begins another run after that of a store, for a request. Either all of it is on disk when this returns,
 * or nothing of it.
 * @throws StoreUnavailable when it cannot be written
 */
export async function beginRun(
  options: OpenStoreOptions,
  previous: RunInfo,
  requested: RequestedRun,
): Promise<JobStore> {
  const context: StoreContext = { open: openCollection, ...options };
  try {
    return await assemble(context, await createRun(context, previous, requested), null);
  } catch (error) {
    await removeRun(context.dataDir, previous.runId + 1).catch((cause: unknown) =>
      context.logger.error(
        { err: cause },
        'what was written of a run that did not begin could not be removed',
      ),
    );
    const message = 'The new run could not be stored; the one before goes on';
    throw new StoreUnavailable(message, { cause: error });
  }
}

/** The slices of a run, with all that it may have written back into their manifest. */
export function knownSlices(
  jobs: Iterable<StoredJob>,
  observations: readonly SnapshotObservation[],
): KnownSlice[] {
  const seen = Map.groupBy(observations, ({ block, versionKey: key }) => `${block} ${key}`);
  return Array.from(jobs, ({ job: { slice, expectedHash } }) => {
    const learned = seen.get(`${slice.endBlock} ${versionKey(slice)}`) ?? [];
    return { slice, expectedHash, learnedHashes: learned.map(({ hash }) => hash) };
  });
}

async function assemble(
  context: StoreContext,
  loaded: LoadedRun,
  firstRevision: number | null,
): Promise<JobStore> {
  const store = new JobStore({
    run: loaded.run,
    table: new JobTable(loaded.jobs, loaded.observations),
    jobs: loaded.jobFile,
    observations: loaded.observationFile,
    lastObservation: loaded.lastObservation,
    firstRevision,
    logger: context.logger,
  });
  await store.settleAll();
  return store;
}
