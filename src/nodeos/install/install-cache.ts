import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { packageSource } from './release.ts';
import type { PackageSource } from './release.ts';

const STAGING_PREFIX = '.staging-';
/** No installation takes this long; a staging folder that old was left by one that was killed. */
const STAGING_MAX_AGE_MS = 24 * 3600 * 1000;

/**
 * The name of the folder that a package is unpacked into. A release from its own place is known by
 * its version; anything else also by where it comes from (URLs) or what it contains (files), since
 * another package may bear the same version.
 */
export async function cacheKey(source: PackageSource): Promise<string> {
  switch (source.kind) {
    case 'release': {
      const name = `${source.product}-${source.version}`;
      const official = packageSourceUrl(source.version);
      return source.url === official ? name : `${name}-${digest(source.url)}`;
    }
    case 'url':
      return `url-${digest(source.url)}`;
    case 'file':
      return `file-${safe(basename(source.path, '.deb'))}-${await digestOfFile(source.path)}`;
    default: {
      const never: never = source;
      throw new Error(`unknown source ${String(never)}`);
    }
  }
}

/** Makes an empty folder beside the installed ones, on the same file system, so that it can be renamed. */
export async function makeStaging(cacheDir: string): Promise<string> {
  const folder = join(cacheDir, `${STAGING_PREFIX}${process.pid}-${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

/**
 * Puts an unpacked tree in its place, whole or not at all. When another worker was first, its tree
 * stays and ours is left where it is.
 */
export async function publish(tree: string, place: string): Promise<void> {
  try {
    await rename(tree, place);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

/** Removes what killed installations left behind. Never fails: it is housekeeping. */
export async function removeOldStaging(cacheDir: string, now: number): Promise<void> {
  for (const name of await readdir(cacheDir).catch(() => [])) {
    if (!name.startsWith(STAGING_PREFIX)) continue;
    const folder = join(cacheDir, name);
    const age = await stat(folder).then(
      (info) => now - info.mtimeMs,
      () => 0,
    );
    if (age > STAGING_MAX_AGE_MS) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function packageSourceUrl(version: string): string | null {
  try {
    const source = packageSource(version);
    return source.kind === 'release' ? source.url : null;
  } catch {
    // A version whose package name is not known comes from a mirror.
    return null;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return (hash.read() as Buffer).toString('hex').slice(0, 16);
}

function safe(name: string): string {
  return name.replaceAll(/[^0-9A-Za-z._+-]/g, '_').slice(0, 80);
}
