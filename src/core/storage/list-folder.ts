import { AttemptFailure } from '../domain/attempt-failure.ts';
import { describeLocation } from './location.ts';
import type { Location } from './location.ts';
import { DEFAULT_LIMITS, REAL_TOOLS, createIdleGuard, pauseBefore } from './retry.ts';
import type { RetryLimits, RetryTools } from './retry.ts';
import { SourceError, isTransient } from './source-error.ts';
import type { FileInfo, ListedFile, Source } from './source.ts';

export interface LookRequest {
  readonly source: Source;
  readonly at: Location;
  readonly signal: AbortSignal;
  readonly limits?: Partial<RetryLimits>;
  readonly tools?: RetryTools;
}

/**
 * Lists the files in a folder, with the same patience as a download. Empty when there is no such folder.
 *
 * @throws {AttemptFailure} `download`; and the reason of the signal.
 */
export function listFolder(request: LookRequest): Promise<ListedFile[]> {
  return patiently(request, 'list', (signal) => request.source.list(request.at, signal));
}

/**
 * Asks whether a file is there, and for its length.
 *
 * @returns null when there is none.
 * @throws {AttemptFailure} `download`; and the reason of the signal.
 */
export async function findFile(request: LookRequest): Promise<FileInfo | null> {
  return patiently(request, 'look up', async (signal) => {
    try {
      return await request.source.head(request.at, signal);
    } catch (error) {
      if (error instanceof SourceError && error.kind === 'not-found') return null;
      throw error;
    }
  });
}

async function patiently<T>(
  request: LookRequest,
  verb: string,
  look: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limits = { ...DEFAULT_LIMITS, ...request.limits };
  const place = describeLocation(request.at);
  for (let failed = 1; ; failed += 1) {
    const guard = createIdleGuard(request.signal, limits.idleTimeoutMs, place);
    try {
      return await guard.wait(look(guard.signal));
    } catch (error) {
      request.signal.throwIfAborted();
      if (!(error instanceof SourceError)) throw error;
      if (!isTransient(error) || failed > limits.retries) throw lookFailure(verb, place, error);
    }
    await pauseBefore(failed, limits, request.tools ?? REAL_TOOLS, request.signal);
  }
}

function lookFailure(verb: string, place: string, error: SourceError): AttemptFailure {
  return new AttemptFailure('download', `Cannot ${verb} ${place}: ${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
  });
}
