import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeImage } from './make-image.ts';

export interface DebianImage {
  /** The disk; to be written to by nobody. */
  disk: string;
  kernel: string;
}

/** An image that nobody has asked for in this time is removed. */
const UNUSED_MS = 7 * 24 * 60 * 60_000;

const CACHE = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'replay-test-machines');
/** Another recipe, or another way to make it, makes another image. */
const FOLDER = join(CACHE, keyOf(['recipe.ts', 'make-image.ts']));

function keyOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(import.meta.dirname, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Whether it is made already. */
export function hasDebianImage(): boolean {
  return existsSync(FOLDER);
}

/** The image that machines of the tests start from. It is made when there is none: a minute or two. */
export async function debianImage(): Promise<DebianImage> {
  if (!hasDebianImage()) {
    await mkdir(CACHE, { recursive: true });
    // The lock goes with the process that has it, however that ends.
    const words = [join(CACHE, 'lock'), process.execPath, import.meta.filename];
    await promisify(execFile)('flock', words).catch((error: Error & { stderr?: string }) => {
      throw new Error(`The tests boot a Debian, which could not be made here. ${error.stderr}`);
    });
  }
  const now = new Date();
  await utimes(FOLDER, now, now);
  return { disk: join(FOLDER, 'disk.raw'), kernel: join(FOLDER, 'vmlinuz') };
}

async function makeWhenMissing(): Promise<void> {
  if (hasDebianImage()) return;
  for (const name of await readdir(CACHE)) {
    const path = join(CACHE, name);
    const isOld = name.endsWith('.part') || Date.now() - (await stat(path)).mtimeMs > UNUSED_MS;
    if (name !== 'lock' && isOld) await rm(path, { recursive: true, force: true });
  }
  await makeImage(FOLDER);
}

if (import.meta.main) {
  await makeWhenMissing().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
