import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { AttemptFailure } from '../../core/domain/attempt-failure.ts';
import { splitLines } from './process-lines.ts';

export interface ProcessLog {
  /** Resolves when all that was printed is in the file; rejects with AttemptFailure `disk-full`. */
  finished(): Promise<void>;
}

/**
 * Copies what a process prints to a file, byte for byte, and hands each line to the observer. Reading
 * pauses while the disk is behind, so that memory stays bounded; the process then waits too.
 * @param onBroken called once when the file cannot be written any more: the process is of no use then
 */
export function keepLog(
  streams: readonly Readable[],
  path: string,
  onLine: (line: string) => void,
  onBroken: (failure: AttemptFailure) => void,
): ProcessLog {
  const file = createWriteStream(path, { flags: 'a' });
  let broken: AttemptFailure | null = null;
  file.on('error', (error) => {
    if (broken) return;
    broken = cannotWrite(path, error);
    // Drained from here on: a process that is blocked on a full pipe cannot stop in order.
    for (const stream of streams) stream.resume();
    onBroken(broken);
  });
  file.on('drain', () => {
    for (const stream of streams) stream.resume();
  });
  const ended = streams.map((stream) => {
    const lines = splitLines(onLine);
    stream.on('data', (chunk: Buffer) => {
      lines.push(chunk);
      if (broken) return;
      if (!file.write(chunk)) for (const each of streams) each.pause();
    });
    return new Promise<void>((resolve) => {
      stream.once('close', () => {
        lines.end();
        resolve();
      });
      stream.once('error', () => undefined);
    });
  });
  const closed = new Promise<void>((resolve) => file.once('close', resolve));
  return {
    async finished() {
      await Promise.all(ended);
      file.end();
      await closed;
      if (broken) throw broken;
    },
  };
}

function cannotWrite(path: string, error: Error): AttemptFailure {
  const code = (error as NodeJS.ErrnoException).code;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const message = full
    ? `The disk is full: the log ${path} cannot be written`
    : `The log ${path} cannot be written: ${error.message}`;
  return new AttemptFailure('disk-full', message, {
    hint: 'Free some space on the disk of --data-dir, or put it on a larger one.',
    cause: error,
  });
}
