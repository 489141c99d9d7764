import { describeLocation } from './location.ts';
import type { Location } from './location.ts';
import { createIdleGuard, pauseBefore } from './retry.ts';
import type { IdleGuard, RetryLimits, RetryTools } from './retry.ts';
import { SourceError, isTransient } from './source-error.ts';
import type { FileInfo, OpenFile, Source } from './source.ts';

/** Who gets the bytes. What these throw ends the transfer: only the source's errors are retried. */
export interface Receiver {
  /** The next bytes as stored. `contentType` is the server's word on them. */
  take(chunk: Uint8Array, info: FileInfo & { contentType: string | null }): Promise<void>;
  /** Everything so far was of another version of the file: begin again with the first byte. */
  restart(): Promise<void>;
}

export interface TransferRequest {
  readonly source: Source;
  readonly from: Location;
  readonly receiver: Receiver;
  readonly signal: AbortSignal;
  readonly limits: RetryLimits;
  readonly tools: RetryTools;
  /** Bytes as stored; `total` null when the server does not say. */
  readonly onProgress: (progress: { done: number; total: number | null }) => void;
}

interface State {
  received: number;
  /** What the server said of the file whose bytes are held; null before the first answer. */
  info: FileInfo | null;
  changes: number;
}

/**
 * Brings a file's bytes to the receiver, each once and in order, over as many connections as it takes.
 *
 * A broken or silent connection is taken up again where it broke, provided that the server can prove with an
 * ETag that it is still the same file; else the file begins again. A file that has changed begins again once.
 *
 * @returns The number of bytes as stored.
 * @throws {SourceError} and whatever the receiver and the signal throw.
 */
export async function transfer(request: TransferRequest): Promise<number> {
  const { signal, limits, tools } = request;
  const state: State = { received: 0, info: null, changes: 0 };
  let failed = 0;
  for (;;) {
    const before = state.received;
    try {
      await receive(request, state);
      return state.received;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof SourceError && error.kind === 'changed' && state.changes === 0) {
        state.changes += 1;
        await startOver(request, state);
        continue;
      }
      if (!isTransient(error)) throw error;
      failed = state.received - before >= limits.progressBytes ? 1 : failed + 1;
      if (failed > limits.retries) throw gaveUp(error, failed, state);
    }
    await pauseBefore(failed, limits, tools, signal);
    if (state.info?.etag == null && state.received > 0) await startOver(request, state);
  }
}

async function startOver(request: TransferRequest, state: State): Promise<void> {
  state.received = 0;
  state.info = null;
  await request.receiver.restart();
}

function gaveUp(error: SourceError, tries: number, { received, info }: State): SourceError {
  const size = info?.size == null ? '' : ` of ${info.size}`;
  const got = received === 0 ? 'nothing' : `${received}${size} bytes`;
  return new SourceError(error.kind, `${error.message} (gave up after ${tries} tries with ${got})`, {
    hint: error.hint ?? 'Check that the server can be reached from this host and is not overloaded.',
    cause: error,
  });
}

/** One connection, to the end of the file or to its failure. */
async function receive(request: TransferRequest, state: State): Promise<void> {
  const { source, from, signal, limits } = request;
  const guard = createIdleGuard(signal, limits.idleTimeoutMs, describeLocation(from));
  const ifMatch = state.info?.etag ?? null;
  const file = await guard.wait(source.read(from, { offset: state.received, ifMatch, signal: guard.signal }));
  try {
    refuseChanged(from, file, state.info);
    state.info = { size: file.size, etag: file.etag };
    await copy(request, state, file, guard);
  } finally {
    file.cancel();
  }
  const { size } = file;
  if (size !== null && state.received !== size) {
    const place = describeLocation(from);
    throw new SourceError(
      'connection',
      `The connection for ${place} ended after ${state.received} of ${size} bytes`,
    );
  }
}

function refuseChanged(from: Location, now: FileInfo, before: FileInfo | null): void {
  if (before === null || (before.etag === now.etag && before.size === now.size)) return;
  throw new SourceError('changed', `${describeLocation(from)} was changed while it was being fetched`);
}

async function copy(request: TransferRequest, state: State, file: OpenFile, guard: IdleGuard): Promise<void> {
  const { receiver, onProgress, from } = request;
  const chunks = file.stream[Symbol.asyncIterator]();
  // A server that does not do ranges sends again what we have.
  let skip = state.received - file.offset;
  onProgress({ done: state.received, total: file.size });
  for (;;) {
    const next = await guard.wait(chunks.next()).catch((error: unknown) => {
      throw brokenOff(from, error, request.signal);
    });
    if (next.done === true) return;
    const chunk = next.value.subarray(Math.min(skip, next.value.length));
    skip -= next.value.length - chunk.length;
    if (chunk.length === 0) continue;
    await receiver.take(chunk, file);
    state.received += chunk.length;
    onProgress({ done: state.received, total: file.size });
  }
}

function brokenOff(from: Location, error: unknown, signal: AbortSignal): unknown {
  if (error instanceof SourceError || signal.aborted) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const message = `The connection for ${describeLocation(from)} broke off: ${reason}`;
  return new SourceError('connection', message, { cause: error });
}
