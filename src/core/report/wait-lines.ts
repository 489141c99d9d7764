import { formatBar } from '../format/bar.ts';
import { formatCount } from '../format/count.ts';
import type { SummaryRecord } from '../protocol/summary-record.ts';
import { timeLeftText } from './glance.ts';
import { percentOf } from './model.ts';

/** How long nothing is said when nothing but the number of blocks has changed. */
const QUIET_MS = 60_000;

export interface WaitLinesOptions {
  write: (text: string) => void;
  /** A terminal, where the line is drawn anew in its place; else each line stays. */
  columns: number | null;
  /** Milliseconds of a clock that never goes back. */
  now: () => number;
}

/** Shows what `waitForEnd` sees, without flooding a log file. */
export class WaitLines {
  readonly #options: WaitLinesOptions;
  #said = '';
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(options: WaitLinesOptions) {
    this.#options = options;
  }

  show(seen: SummaryRecord | Error): void {
    const { write, columns, now } = this.#options;
    const line = seen instanceof Error ? `No answer: ${seen.message}. Trying again.` : progressLine(seen);
    if (columns !== null) {
      // One short of the width: some terminals break the line after the last column.
      write(`\r\u001B[K${line.slice(0, Math.max(0, columns - 1))}`);
      return;
    }
    const counts = seen instanceof Error ? line : countsOf(seen);
    if (counts === this.#said && now() - this.#saidAt < QUIET_MS) return;
    this.#said = counts;
    this.#saidAt = now();
    write(`${line}\n`);
  }

  /** Clears the line that was drawn in its place. */
  end(): void {
    if (this.#options.columns !== null) this.#options.write('\r\u001B[K');
  }
}

function progressLine(summary: SummaryRecord): string {
  const { blocks_processed, total_blocks, blocks_per_second, eta } = summary;
  const left = timeLeftText(summary);
  const percent = percentOf(blocks_processed, total_blocks);
  const parts = [
    `${formatBar(percent / 100)} ${percent.toFixed(1)} % of ${formatCount(total_blocks)} blocks`,
    countsOf(summary),
  ];
  if (blocks_per_second !== null) parts.push(`${formatCount(blocks_per_second)} blocks/s`);
  if (left !== null) parts.push(`${left} left`);
  else if (eta !== null) parts.push(`done about ${eta}Z`);
  return parts.join(', ');
}

function countsOf({ jobs_succeeded, jobs_failed, jobs_remaining, host_count }: SummaryRecord): string {
  const hosts = `${host_count} ${host_count === 1 ? 'host' : 'hosts'} at work`;
  return `${jobs_succeeded} succeeded, ${jobs_failed} failed, ${jobs_remaining} remaining, ${hosts}`;
}
