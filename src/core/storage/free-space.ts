import { statfs } from 'node:fs/promises';
import { AttemptFailure } from '../domain/attempt-failure.ts';
import { formatBytes } from '../format/bytes.ts';

/** Bytes that an ordinary user may still write on the file system of a folder that exists. */
export async function freeBytes(folder: string): Promise<number> {
  const stats = await statfs(folder);
  return stats.bavail * stats.bsize;
}

/** ENOSPC: full. EDQUOT: the user's share is used up. EROFS: mounted read-only, which disks do after errors. EFBIG: a limit on file size. */
const DISK_CODES: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: "the user's disk quota is used up",
  EROFS: 'the file system is read-only',
  EFBIG: 'the file is larger than the file system or a limit allows',
};

/** What is wrong with the disk, or null when the error says nothing about it. */
export function diskProblem(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return DISK_CODES[code] ?? null;
}

export interface SpaceNeed {
  /** The file that was to be written. */
  readonly target: string;
  /** Its whole size when that is known. */
  readonly needed: number | null;
  /** Free bytes when that is known. */
  readonly free: number | null;
}

/** The failure for a disk that cannot take a file: what was needed, what is there. */
export function diskFull(problem: string, need: SpaceNeed, cause?: unknown): AttemptFailure {
  const amounts = [
    need.needed === null ? '' : `${formatBytes(need.needed)} are needed`,
    need.free === null ? '' : `${formatBytes(need.free)} are free`,
  ].filter(Boolean);
  const detail = amounts.length === 0 ? '' : ` (${amounts.join(', ')})`;
  return new AttemptFailure('disk-full', `Cannot write ${need.target}: ${problem}${detail}`, {
    hint: 'Free some space, give the host a larger disk, or point --data-dir at another one.',
    cause,
  });
}
