import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Slice } from '../../../src/core/domain/slice.ts';
import { openCollection, type Collection, type Document } from '../../../src/core/store/collection.ts';
import type { JobStore } from '../../../src/core/store/job-store.ts';
import { openStore, type OpenCollection } from '../../../src/core/store/open-store.ts';
import { aSlice } from '../domain/builders.ts';
import { recordingLogger, type LogEntry } from '../orchestrator/harness.ts';

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-store-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function slices(count: number): Slice[] {
  return Array.from({ length: count }, (_, index) => aSlice({ sliceId: index + 1 }));
}

export interface Opened {
  store: JobStore;
  isNew: boolean;
  log: LogEntry[];
}

export async function openIn(
  dataDir: string,
  manifest: readonly Slice[],
  open?: OpenCollection,
): Promise<Opened> {
  const { log, logger } = recordingLogger();
  const now = new Date('2026-11-22T10:00:00Z');
  const text = JSON.stringify(manifest);
  const opened = await openStore({
    dataDir,
    slices: manifest,
    manifest: text,
    now,
    logger,
    ...(open ? { open } : {}),
  });
  return { ...opened, log };
}

/** Sets the progress of a job, as an accepted update would. */
export function setProgress(store: JobStore, jobId: number, block: number): Promise<number> {
  return store.change((jobs) => {
    const stored = jobs.get(jobId);
    if (!stored) throw new Error(`no job ${jobId}`);
    jobs.put({ ...stored, job: { ...stored.job, lastBlockProcessed: block } });
    return () => store.view.get(jobId)?.job.revision ?? 0;
  });
}

export function progressOf(store: JobStore, jobId: number): number | undefined {
  return store.view.get(jobId)?.job.lastBlockProcessed;
}

/** Ways in which a disk fails; each is thrown once or for as long as it is set. */
export interface DiskFaults {
  /** The write fails before anything is written. */
  write?: Error | undefined;
  /** Half of the line gets to the disk, as on a disk that becomes full. NeDB's memory has changed by then. */
  tornWrite?: Error | undefined;
  sync?: Error | undefined;
  repair?: Error | undefined;
}

/** Opens files on a disk that fails when it is told to. */
export function faultyDisk(faults: DiskFaults): OpenCollection {
  return <T extends Document>(options: { file: string }): Collection<T> => {
    const real = openCollection<T>(options);
    if (basename(options.file) !== 'jobs.db') return real;
    return {
      ...real,
      async write(documents) {
        if (faults.write) throw faults.write;
        if (faults.tornWrite) {
          await real.write(documents.slice(1));
          const line = JSON.stringify(documents[0]);
          await appendFile(options.file, line.slice(0, line.length / 2));
          throw faults.tornWrite;
        }
        await real.write(documents);
      },
      async sync() {
        if (faults.sync) throw faults.sync;
        await real.sync();
      },
      async repair(before) {
        if (faults.repair) throw faults.repair;
        await real.repair(before);
      },
    };
  };
}

export function diskFull(): Error {
  return Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
}
