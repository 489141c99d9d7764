import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { costOf, type RunCost } from '../domain/cost.ts';
import { allSetAside } from '../domain/host-health.ts';
import type { SnapshotObservation } from '../domain/ledger.ts';
import type { Slice } from '../domain/slice.ts';
import { UserError } from '../domain/user-error.ts';
import { CLEARED_FILE, parseCleared } from '../store/cleared-file.ts';
import type { Damage } from '../store/damage.ts';
import { readFleet } from '../store/fleet-file.ts';
import type { JobDocument } from '../store/job-document.ts';
import type { ObservationDocument } from '../store/job-store.ts';
import { JobTable } from '../store/job-table.ts';
import { JOB_FILE, joinJobs, LOSS, OBSERVATION_FILE } from '../store/load-run.ts';
import { policyOf } from '../store/run-policy.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { readSlices } from '../store/slices-file.ts';
import type { FoundRun } from './find-runs.ts';
import { jobsOf, type PastRun } from './past-run.ts';
import { readDocuments, type ReadDocuments } from './read-documents.ts';
import { damagedRun } from './run-errors.ts';
import { summariseLeft } from './summarise-left.ts';
import { settleRun } from './settle-run.ts';

/**
 * Reads a run out of its folder and settles its verdicts, as the orchestrator does when it goes on with it.
 * No lock is taken and nothing is written: an orchestrator may be at work on the run meanwhile. The event
 * loop goes on.
 * @throws UserError when the run cannot be told at all, Error when the disk cannot be read
 */
export async function loadPastRun({ runId, path, info }: FoundRun): Promise<PastRun> {
  if (info === null) throw damagedRun(runId, 'its run.json does not describe it.');
  const slices = await slicesOf({ path, info });
  // In this order: of what is written in between, the snapshot's word comes before the job that needs it.
  const jobFile = await readDocuments<JobDocument>(join(path, JOB_FILE));
  const observationFile = await readDocuments<ObservationDocument>(join(path, OBSERVATION_FILE));
  const observations = inOrder(observationFile);
  // Each of these steps takes a tenth of a second for 100,000 jobs; others get their turn in between.
  await setImmediate();
  const joined = joinJobs(info, slices, jobFile.documents);
  await setImmediate();
  const table = new JobTable(joined, observations);
  await setImmediate();
  const found = await settleRun(table);
  const jobs = jobsOf({ table });
  const summary = summariseLeft(jobs, found);
  const cleared = await clearedOf(path);
  return {
    path,
    info,
    table,
    summary,
    setAside: allSetAside(jobs, cleared),
    cost: await costIn(path),
    policy: policyOf(info.settings),
    damage: [...described(JOB_FILE, jobFile.damage), ...described(OBSERVATION_FILE, observationFile.damage)],
  };
}

async function slicesOf(run: RunFolder): Promise<Slice[]> {
  try {
    return await readSlices(run);
  } catch (error) {
    throw error instanceof UserError ? damagedRun(run.info.runId, error.message) : error;
  }
}

function inOrder({ documents }: ReadDocuments<ObservationDocument>): SnapshotObservation[] {
  return documents
    .toSorted((a, b) => Number(a._id) - Number(b._id))
    .map(({ _id, ...observation }) => observation);
}

/** A file that cannot be read is the same as none, as for the orchestrator. */
async function clearedOf(path: string): Promise<ReadonlyMap<string, number>> {
  const text = await readFile(join(path, CLEARED_FILE), 'utf8').catch(() => null);
  return (text === null ? null : parseCleared(text)) ?? new Map();
}

/** No host is there any more. As for the orchestrator, nothing is known from a file that cannot be read. */
async function costIn(path: string): Promise<RunCost | null> {
  const fleet = await readFleet(path).catch(() => null);
  if (fleet === null) return null;
  return costOf(
    fleet.hosts.map(({ account }) => ({ account, isSeen: false })),
    fleet.former,
  );
}

function described(file: string, damage: Omit<Damage, 'copy'> | null): string[] {
  if (damage === null) return [];
  const { dropped, missing } = damage;
  const what = [
    ...(dropped > 0 ? [`${lines(dropped)} damaged`] : []),
    ...(missing > 0 ? [`${lines(missing)} gone`] : []),
  ];
  const how = what.length > 0 ? what.join(', ') : 'what it began with is gone';
  return [`${file} is damaged (${how}): ${LOSS[file]}.`];
}

function lines(count: number): string {
  return count === 1 ? '1 line is' : `${count} lines are`;
}
