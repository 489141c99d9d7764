import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Slice } from '../../../src/core/domain/slice.ts';
import { toJobDocument } from '../../../src/core/store/job-document.ts';
import { rewriteFile } from '../../../src/core/store/rewrite-file.ts';
import { lineSeal } from '../../../src/core/store/line-seal.ts';
import { newStoredJob, type StoredJob } from '../../../src/core/store/stored-job.ts';

const HASH = 'ab'.repeat(32);
const TIME = '2026-11-22T10:00:00';

/**
 * Turns a run that has just begun into one in which each job was done by somebody, by writing what the
 * orchestrator would have written: its stopped data directory has a document for every job then.
 *
 * @returns bytes of `jobs.db`
 */
export async function finishAllJobs(dataDir: string): Promise<number> {
  const run = join(dataDir, 'runs/0001');
  const slices = JSON.parse(await readFile(join(run, 'slices.json'), 'utf8')) as Slice[];
  const file = join(run, 'jobs.db');
  const documents = slices.map((slice, index) => toJobDocument(finished(index + 1, slice)));
  await rewriteFile(file, documents, lineSeal(file));
  return (await stat(file)).size;
}

function finished(jobId: number, slice: Slice): StoredJob {
  const { job, ...rest } = newStoredJob(jobId, slice, TIME);
  const worker = `host-${jobId % 100}`;
  const actualHash = slice.knownHash || HASH;
  const done = { lastBlockProcessed: slice.endBlock, actualHash, nodeosVersion: 'v5.0.3', endTime: TIME };
  const stageTimes = { install: 10, fetch: 60_000, load: 90_000, replay: 3_600_000, hash: 30_000 };
  const attempt = { number: 1, workerId: worker, instanceId: null, startTime: TIME, ...done, stageTimes };
  return {
    ...rest,
    fence: 400,
    holder: null,
    job: {
      ...job,
      ...done,
      status: 'COMPLETE',
      revision: 400,
      verdict: slice.knownHash ? 'VERIFIED' : 'PENDING',
      workerId: worker,
      stage: 'hash',
      blocksPerSecond: 123.4,
      attempts: [{ ...attempt, outcome: 'COMPLETE', cause: null, message: null }],
    },
  };
}
