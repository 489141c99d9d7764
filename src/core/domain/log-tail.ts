import type { LogPart } from './log-part.ts';

export type { LogPart } from './log-part.ts';

/** How much of the end of an attempt's log is kept, in lines and in bytes (UTF-8, line feeds included). */
export const TAIL_LINES = 500;
export const TAIL_BYTES = 64 * 1024;

/** Longer lines are cut: an exception with a whole transaction in it must not push out all the others. */
const MOST_LINE_LENGTH = 8 * 1024;

/**
 * The last lines of one attempt, in bounded memory: the worker has them at first hand, the orchestrator
 * from the worker, with the same numbers. A part that comes twice changes nothing, and one behind a gap
 * that nobody has explained is not taken.
 */
export class LogTail {
  #lines: string[] = [];
  #bytes = 0;
  #first = 0;

  /** Number of the line that comes next. */
  get next(): number {
    return this.#first + this.#lines.length;
  }

  push(line: string): void {
    const kept = bounded(line);
    this.#lines.push(kept);
    this.#bytes += sizeOf(kept);
    while (this.#lines.length > TAIL_LINES || this.#bytes > TAIL_BYTES) {
      this.#bytes -= sizeOf(this.#lines.shift() ?? '');
      this.#first += 1;
    }
  }

  /** What is kept of the lines from this number on. */
  since(from: number): LogPart {
    return partOf({ from: this.#first, lines: this.#lines }, from);
  }

  /** Takes a part over. False: there are lines missing before it, beyond those that are known to be lost. */
  append({ from, lines, skipped }: LogPart): boolean {
    if (from - skipped > this.next) return false;
    if (from > this.next) {
      this.#lines = [];
      this.#bytes = 0;
      this.#first = from;
    }
    for (const line of lines.slice(this.next - from)) this.push(line);
    return true;
  }
}

/** What there is of the lines from a number on, in a row of lines. Pure. */
export function partOf(kept: Pick<LogPart, 'from' | 'lines'>, from: number): LogPart {
  const begin = Math.max(from, kept.from);
  const lines = kept.lines.slice(begin - kept.from);
  return { from: begin, lines, skipped: begin - from };
}

function bounded(line: string): string {
  if (line.length <= MOST_LINE_LENGTH) return line;
  // A copy: a slice would keep the whole line in memory.
  return Buffer.from(`${line.slice(0, MOST_LINE_LENGTH - 1)}…`).toString();
}

function sizeOf(line: string): number {
  return Buffer.byteLength(line) + 1;
}
