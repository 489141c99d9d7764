import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AttemptFailure } from '../domain/attempt-failure.ts';
import { fetchFailure } from './fetch-failure.ts';
import type { FileKind } from './fetch-failure.ts';
import { diskFull, diskProblem, freeBytes } from './free-space.ts';
import { baseName, describeLocation } from './location.ts';
import type { Location } from './location.ts';
import { DEFAULT_LIMITS, REAL_TOOLS } from './retry.ts';
import type { RetryLimits, RetryTools } from './retry.ts';
import type { Source } from './source.ts';
import { openStagedFile } from './staged-file.ts';
import { transfer } from './transfer.ts';
import type { ZstdChoice } from './zstd.ts';

export type { FileKind } from './fetch-failure.ts';

export interface FetchProgress {
  /** Bytes as stored at the source. Goes back to 0 when the file begins again. */
  readonly done: number;
  /** null when the server does not say. */
  readonly total: number | null;
}

export interface FetchRequest {
  readonly source: Source;
  readonly from: Location;
  /** Path of the file to make. Its folder is made when it is missing. */
  readonly to: string;
  readonly kind: FileKind;
  /** Decompress what is compressed with zstd, by its first bytes; true unless said otherwise. */
  readonly decompress?: boolean;
  /** Lower-case hex of the bytes as stored (compressed when they are compressed). */
  readonly sha256?: string | null;
  readonly signal: AbortSignal;
  /** Called for each piece that arrives: thinning out is the caller's. */
  readonly onProgress?: (progress: FetchProgress) => void;
  readonly limits?: Partial<RetryLimits>;
  readonly tools?: RetryTools;
  readonly zstd?: ZstdChoice;
  /** Replaced in tests. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

export interface FetchedFile {
  readonly path: string;
  /** Bytes that were fetched, and bytes that are on disk now. */
  readonly storedBytes: number;
  readonly bytes: number;
}

/**
 * Fetches a file to `to`, decompressing it while it arrives. It is written under `<to>.partial` and gets
 * its name when it is whole, checked and on the disk: a file called `to` is always complete. Files of this
 * machine are copied like all others, never linked, so that nothing nodeos does can reach the original.
 *
 * @throws {AttemptFailure} with the causes in fetch-failure.ts, or `disk-full`.
 * @throws The reason of `signal` when that fires. In both cases nothing is left behind.
 */
export async function fetchFile(request: FetchRequest): Promise<FetchedFile> {
  const partial = `${request.to}.partial`;
  /** Grows with what becomes known, for the message when the disk is full. */
  const need: { bytes: number | null } = { bytes: null };
  try {
    await mkdir(path.dirname(request.to), { recursive: true });
    const fetched = await fetchTo(partial, request, need);
    await rename(partial, request.to);
    await syncFolder(path.dirname(request.to));
    return { path: request.to, ...fetched };
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    request.signal.throwIfAborted();
    throw await failureOf(error, request, need.bytes);
  }
}

async function fetchTo(
  partial: string,
  request: FetchRequest,
  need: { bytes: number | null },
): Promise<{ storedBytes: number; bytes: number }> {
  const { source, from, signal } = request;
  const staged = await openStagedFile({
    path: partial,
    sourceName: baseName(from),
    decompress: request.decompress ?? true,
    zstd: request.zstd ?? 'auto',
    sha256: request.sha256 ?? null,
    onNeed: async (bytes) => {
      need.bytes = bytes;
      await requireSpace(request, bytes);
    },
  });
  try {
    const storedBytes = await transfer({
      source,
      from,
      signal,
      receiver: staged,
      limits: { ...DEFAULT_LIMITS, ...request.limits },
      tools: request.tools ?? REAL_TOOLS,
      onProgress: request.onProgress ?? (() => undefined),
    });
    const bytes = await staged.finish();
    signal.throwIfAborted();
    return { storedBytes, bytes };
  } finally {
    await staged.close();
  }
}

/** Better now than after an hour's download. */
async function requireSpace(request: FetchRequest, needed: number): Promise<void> {
  const free = await freeOf(request);
  if (free !== null && free < needed) {
    throw diskFull('there is not enough space on the disk', { target: request.to, needed, free });
  }
}

async function failureOf(error: unknown, request: FetchRequest, needed: number | null): Promise<unknown> {
  const problem = diskProblem(error);
  if (problem !== null) {
    return diskFull(problem, { target: request.to, needed, free: await freeOf(request) }, error);
  }
  const failure = fetchFailure(request.kind, describeLocation(request.from), error);
  if (failure instanceof Error && 'syscall' in failure) {
    return new AttemptFailure('download', `Cannot write ${request.to}: ${failure.message}`, {
      hint: 'Check the data directory of this host and who may write to it.',
      cause: error,
    });
  }
  return failure;
}

/** null when the file system does not say. */
async function freeOf(request: FetchRequest): Promise<number | null> {
  try {
    return await (request.freeBytes ?? freeBytes)(path.dirname(request.to));
  } catch {
    return null;
  }
}

/** The new name is on the disk only when its folder is. Not all file systems can do this. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync().catch(() => undefined);
  } finally {
    await handle.close();
  }
}
