import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobUpdate } from '../protocol/full-record.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import type { OwnAttempt } from './fence.ts';

/** What a worker that was killed has to know of the job it held. */
export interface HeldJob extends OwnAttempt {
  /** The version that the result was to be sent with; of the offer while there is no result. */
  etag: string;
  /** How the attempt ended, when it has and that was not accepted yet. */
  result: JobUpdate | null;
}

const NAME = 'held-job.json';

/** Written before the claim, and again with the result before that is sent. On disk when it resolves. */
export async function saveHeldJob(dataDir: string, held: HeldJob): Promise<void> {
  await writeFileAtomically(join(dataDir, NAME), `${JSON.stringify(held, null, 2)}\n`);
}

export async function forgetHeldJob(dataDir: string): Promise<void> {
  await rm(join(dataDir, NAME), { force: true });
}

/** What a former process left; null when there is nothing, or nothing that can be read. */
export async function loadHeldJob(dataDir: string): Promise<HeldJob | null> {
  const text = await readFile(join(dataDir, NAME), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const held = JSON.parse(text) as HeldJob;
    const complete = Number.isSafeInteger(held.jobId) && typeof held.etag === 'string' && held.attempt > 0;
    return complete ? held : null;
  } catch {
    return null;
  }
}
