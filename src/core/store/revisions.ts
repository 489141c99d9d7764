import { writeRunInfo, type RunFolder } from './run-folder.ts';
import type { StoredJob } from './stored-job.ts';

/** More changes than one job can have between two starts. */
const STEP = 1_000_000_000;

/**
 * The revision that the first change after a start gets, at least: above all that were given before, those
 * included of which a damaged or restored file knows nothing any more. So a version never comes back with
 * another meaning, and whoever holds an old one stays out.
 *
 * @param former what this function returned for an earlier start, as far as that is known
 * @param now the clock counts too, for a run that was restored with its `run.json`
 */
export function firstRevisionAfter(former: number | undefined, now: Date): number {
  return Math.max((former ?? 0) + STEP, now.getTime() * 1000);
}

/** Writes down that revisions are given from here on. */
export async function claimRevisions({ path, info }: RunFolder, firstRevision: number): Promise<void> {
  info.firstRevision = firstRevision;
  await writeRunInfo(path, info);
}

/**
 * A change with its revision: above the one before, and not below `first`. Whatever it calls new, its fence
 * for instance, is raised with it.
 *
 * @param before null: there was no such job
 */
export function changeFrom(before: StoredJob | null, stored: StoredJob, first: number): StoredJob {
  const last = before?.job.revision ?? 0;
  const revision = Math.max(stored.job.revision, last + 1);
  const skipped = Math.max(0, first - (last + 1));
  if (skipped === 0) return { ...stored, job: { ...stored.job, revision } };
  const raise = (number: number): number => (number > last ? number + skipped : number);
  const { lastUpdate, gap: former, ...rest } = stored;
  const raised = {
    ...rest,
    job: { ...stored.job, revision: revision + skipped },
    lastUpdate: lastUpdate && { ...lastUpdate, to: raise(lastUpdate.to) },
  };
  if (stored.fence > last) return { ...raised, fence: raise(stored.fence) };
  // The holder's version is from before. With two gaps the versions before the first one are given up.
  const fence = Math.max(stored.fence, former?.before ?? 0);
  return { ...raised, fence, gap: { after: last, before: first } };
}
