import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { History, MAX_POINTS, SAMPLE_SECONDS, type HistoryPoint } from '../../domain/history.ts';
import { writeFileAtomically } from '../../files/atomic-file.ts';

/** Lines between two times that the file is written anew, shorter. */
const MAX_APPENDED = 4 * MAX_POINTS;

/**
 * `history.jsonl` of a run: a point a line, as an array of numbers. Samples are added at its end; when the
 * points were thinned, or something is wrong with the file, it is written anew as a whole, with the length of
 * a point's stretch of time in its first line.
 */
export class HistoryFile {
  readonly #path: string;
  #isWhole: boolean;
  #appended = 0;

  private constructor(path: string, isWhole: boolean) {
    this.#path = path;
    this.#isWhole = isWhole;
  }

  /** What cannot be read is left out: a plot with a gap is better than none, and nothing else hangs on it. */
  static async open(runFolder: string): Promise<{ file: HistoryFile; history: History; isDamaged: boolean }> {
    const path = join(runFolder, 'history.jsonl');
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? '' : null,
    );
    // Behind a line that was cut off nothing may be added.
    let isWhole = text === '' || text?.endsWith('\n') === true;
    const lines = text?.split('\n') ?? [];
    const interval = parseInterval(lines[0] ?? '');
    const history = new History(interval ?? SAMPLE_SECONDS);
    for (const line of lines.slice(interval === null ? 0 : 1)) {
      if (line === '') continue;
      const point = parsePoint(line);
      if (point === null) isWhole = false;
      else history.add(point);
    }
    return { file: new HistoryFile(path, isWhole), history, isDamaged: !isWhole };
  }

  /**
   * Adds a sample that the history has taken in, or writes all of its points.
   * @param thinned the points before it have changed
   */
  async write(sample: HistoryPoint, history: History, thinned: boolean): Promise<void> {
    const isEnough = this.#appended >= MAX_APPENDED;
    const again = thinned || isEnough || !this.#isWhole;
    // Until it is written the file may be anything.
    this.#isWhole = false;
    if (again) await writeFileAtomically(this.#path, textOf(history));
    else await appendFile(this.#path, lineOf(sample));
    this.#appended = again ? 0 : this.#appended + 1;
    this.#isWhole = true;
  }
}

function textOf({ intervalSeconds, points }: History): string {
  return `${JSON.stringify({ intervalSeconds })}\n${points.map(lineOf).join('')}`;
}

function lineOf(point: HistoryPoint): string {
  const { time, seconds, blocksProcessed, blocksPerSecond, blocksPerSecondMax } = point;
  const { jobsDone, jobsFailed, jobsHeld, hosts, costUsd } = point;
  const blocks = [blocksProcessed, blocksPerSecond, blocksPerSecondMax];
  return `${JSON.stringify([time, seconds, ...blocks, jobsDone, jobsFailed, jobsHeld, hosts, costUsd])}\n`;
}

/** null: the line is no such one, as in a file that was never written anew. */
function parseInterval(line: string): number | null {
  const value = parseJson(line);
  if (typeof value !== 'object' || value === null || !('intervalSeconds' in value)) return null;
  const { intervalSeconds } = value;
  const isUsable = Number.isSafeInteger(intervalSeconds) && isAmount(intervalSeconds);
  return isUsable && intervalSeconds >= SAMPLE_SECONDS ? intervalSeconds : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function parsePoint(line: string): HistoryPoint | null {
  const values = parseJson(line);
  if (!Array.isArray(values) || values.length < 10) return null;
  const costUsd: unknown = values[9];
  const numbers: unknown[] = values.slice(0, 9);
  if (!numbers.every(isAmount) || !(costUsd === null || isAmount(costUsd))) return null;
  const [time = 0, seconds = 0, blocksProcessed = 0, blocksPerSecond = 0, blocksPerSecondMax = 0] = numbers;
  const [jobsDone = 0, jobsFailed = 0, jobsHeld = 0, hosts = 0] = numbers.slice(5);
  return {
    time,
    seconds,
    blocksProcessed,
    blocksPerSecond,
    blocksPerSecondMax,
    jobsDone,
    jobsFailed,
    jobsHeld,
    hosts,
    costUsd,
  };
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}
