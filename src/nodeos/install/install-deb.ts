import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AttemptFailure } from '../../core/domain/attempt-failure.ts';
import { capture } from '../process/process-capture.ts';
import type { Captured } from '../process/process-capture.ts';

/** A nodeos package is about 50 MB and unpacks in seconds. */
const UNPACK_TIMEOUT_MS = 600_000;

/**
 * Unpacks a .deb into a folder without root: only its files, none of its scripts are run.
 * @throws AttemptFailure `install` or `disk-full`
 */
export async function unpackDeb(deb: string, into: string, signal: AbortSignal): Promise<void> {
  const done = await dpkgDeb(['-x', deb, into], signal);
  if (done.code === 0) return;
  const words = done.stderr.trim().split('\n').at(-1) ?? '';
  if (done.stderr.includes('No space left on device')) {
    throw new AttemptFailure('disk-full', `The disk filled up while ${deb} was unpacked: ${words}`, {
      hint: 'Free some space on the disk of --data-dir.',
    });
  }
  // dpkg-deb(1): 2 is a fatal error, which for -x means that the archive cannot be read to its end.
  const meaning = done.code === 2 ? 'it is cut short or no Debian package' : `dpkg-deb ${howEnded(done)}`;
  throw new AttemptFailure('install', `${deb} cannot be unpacked: ${meaning} (${words})`, {
    hint: 'Check that its URL delivers a .deb, and not a page or a part of it.',
  });
}

/** What the package says it needs (`Depends`), for hints; empty when it does not say or cannot be read. */
export async function dependsOf(deb: string, signal: AbortSignal): Promise<string> {
  const asked = await dpkgDeb(['-f', deb, 'Depends'], signal);
  return asked.code === 0 ? asked.stdout.trim() : '';
}

/**
 * Finds the program in an unpacked tree, as a path below it: `usr/bin/nodeos`, else any `bin/nodeos`
 * (some packages put it under `usr/opt` and link to it by an absolute path, which would lead out of
 * the tree; only regular files count).
 */
export async function findNodeos(tree: string): Promise<string | null> {
  const found: string[] = [];
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (entry.name !== 'nodeos' || !entry.isFile()) continue;
    if (/(^|\/)bin$/.test(entry.parentPath)) found.push(join(entry.parentPath, entry.name));
  }
  const preferred = join(tree, 'usr/bin/nodeos');
  return found.includes(preferred) ? preferred : (found.toSorted()[0] ?? null);
}

async function dpkgDeb(args: string[], signal: AbortSignal): Promise<Captured> {
  try {
    return await capture('dpkg-deb', args, { timeoutMs: UNPACK_TIMEOUT_MS, signal });
  } catch (error) {
    signal.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new AttemptFailure('install', 'The tool dpkg-deb, which unpacks nodeos packages, is missing', {
      hint: 'Install the package "dpkg", or use --nodeos with a nodeos that is installed already.',
    });
  }
}

function howEnded(done: Captured): string {
  if (done.timedOut) return 'took too long';
  return done.signal ? `was ended by ${done.signal}` : `ended with exit code ${done.code}`;
}
