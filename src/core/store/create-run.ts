import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatUtc } from '../domain/time.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { beginCollection } from './collection.ts';
import type { KnownSlice } from '../domain/manifest/same-run.ts';
import { writeConfigSlices } from './config-file.ts';
import { JOB_FILE, loadRun, OBSERVATION_FILE, type LoadedRun } from './load-run.ts';
import type { StoreContext } from './open-store.ts';
import { runPath, writeRunInfo, type BegunRun, type RunInfo, type RunSettings } from './run-folder.ts';
import { writeSlices } from './slices-file.ts';

/** What is fixed about a run that is begun over HTTP. */
export interface RequestedRun {
  begun: BegunRun;
  settings: RunSettings;
  /** Of the manifest file of `serve`. */
  configSlices: readonly KnownSlice[];
}

/** Begins a run: its folder with the slices. It exists once `run.json` is written, which is last. */
export async function createRun(
  context: StoreContext,
  previous: RunInfo | null,
  requested: RequestedRun | null = null,
): Promise<LoadedRun> {
  const { slices, manifest, now } = context;
  const runId = (previous?.runId ?? 0) + 1;
  const path = runPath(context.dataDir, runId);
  const info: RunInfo = {
    runId,
    createdAt: formatUtc(now),
    firstJobId: previous ? previous.firstJobId + previous.jobCount : 1,
    jobCount: slices.length,
    salt: randomBytes(16).toString('hex'),
    ...(requested && { settings: requested.settings, begun: requested.begun }),
  };
  await rm(path, { recursive: true, force: true });
  await mkdir(join(path, 'logs'), { recursive: true });
  await Promise.all([
    writeFileAtomically(join(path, 'manifest.json'), manifest),
    writeSlices(path, slices),
    ...(requested ? [writeConfigSlices(path, requested.configSlices)] : []),
    beginCollection(join(path, JOB_FILE)),
    beginCollection(join(path, OBSERVATION_FILE)),
  ]);
  const loaded = await loadRun(context, { path, info }, slices);
  await writeRunInfo(path, info);
  return loaded;
}
