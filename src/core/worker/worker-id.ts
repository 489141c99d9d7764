import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';

/** It becomes the value of an HTTP header and a column of a table. */
const ALLOWED = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}$/;

/**
 * The name under which this worker holds jobs: the one that is given, or the host's name with a
 * random part that stays with the data directory, so that a worker that is started again is known.
 */
export async function resolveWorkerId(dataDir: string, given: string | null): Promise<string> {
  if (given !== null) return checked(given);
  const path = join(dataDir, 'worker-id');
  const kept = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (ALLOWED.test(kept)) return kept;
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9.-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 60);
  const id = `${host === '' ? 'worker' : host}-${randomBytes(4).toString('hex')}`;
  await writeFileAtomically(path, `${id}\n`);
  return id;
}

function checked(id: string): string {
  if (ALLOWED.test(id)) return id;
  throw new UserError({
    code: 'WORKER_ID',
    message: `The worker's name "${id}" cannot be used.`,
    hint: 'Use 1 to 100 letters, digits and . _ : @ - and begin with a letter or digit.',
    exitCode: ExitCode.usage,
  });
}
