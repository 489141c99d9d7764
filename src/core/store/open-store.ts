import { isSameRun } from '../domain/manifest/same-run.ts';
import { versionKey } from '../domain/ledger.ts';
import type { Slice } from '../domain/slice.ts';
import { UserError } from '../domain/user-error.ts';
import type { Logger } from '../log/logger.ts';
import { openCollection, type Collection, type Document } from './collection.ts';
import { createRun } from './create-run.ts';
import { JobStore } from './job-store.ts';
import { JobTable } from './job-table.ts';
import { loadRun, type LoadedRun } from './load-run.ts';
import { firstRevisionAfter } from './revisions.ts';
import { listRuns } from './run-folder.ts';
import { readSlices } from './slices-file.ts';
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

/**
 * Opens the run that the manifest belongs to: the last one of the data directory when it has the same
 * slices, else a new one, whose job ids go on where the last one's end. Older runs are kept as they are.
 * @throws UserError when the directory cannot be read or written
 */
export async function openStore(options: OpenStoreOptions): Promise<{ store: JobStore; isNew: boolean }> {
  const context: StoreContext = { open: openCollection, ...options };
  try {
    return await chooseRun(context);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unusable(options.dataDir, error);
  }
}

async function chooseRun(context: StoreContext): Promise<{ store: JobStore; isNew: boolean }> {
  const last = (await listRuns(context.dataDir)).at(-1);
  if (last) {
    const loaded = await loadRun(context, last, await readSlices(last));
    if (isSameRun(context.slices, hashesOf(loaded)))
      return {
        store: await assemble(context, loaded, firstRevisionAfter(last.info.firstRevision, context.now)),
        isNew: false,
      };
  }
  return { store: await assemble(context, await createRun(context, last?.info ?? null), null), isNew: true };
}

/** The slices of a run, with all that it may have written back into their manifest. */
function hashesOf({ jobs, observations }: LoadedRun): Parameters<typeof isSameRun>[1] {
  const seen = Map.groupBy(observations, ({ block, versionKey: key }) => `${block} ${key}`);
  return jobs.map(({ job: { slice, expectedHash } }) => {
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
