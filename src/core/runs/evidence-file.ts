import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { parseEvidence, type AttemptEvidence } from '../protocol/attempt-evidence.ts';

/** Where what a worker told of an attempt is, in the folder of the run. */
export function evidencePath(runPath: string, jobId: number, attempt: number): string {
  return join(runPath, 'evidence', `${jobId}-${attempt}.json`);
}

/** What an attempt's worker told; null when it told nothing. */
export async function readEvidenceFile(path: string): Promise<AttemptEvidence | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : parseEvidence(text);
}

/** @param evidence without secrets */
export async function writeEvidenceFile(path: string, evidence: unknown): Promise<void> {
  // The folder of a run that an older version began has none.
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomically(path, `${JSON.stringify(evidence, null, 2)}\n`);
}
