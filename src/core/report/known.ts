import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';
import type { ReportedJob } from './reported-job.ts';

/** A failure that people know of and have decided to live with, for a time. */
export interface KnownException {
  /** One slice by its number in the manifest, or every slice within these blocks. */
  about: { slice: number } | { blocks: { start: number; end: number } };
  reason: string;
  /** Last day on which it holds, in UTC: `YYYY-MM-DD`. */
  expires: string;
}

/**
 * What an exception is about.
 * - fails: as is known, and it counts against nobody.
 * - expired: it fails, and counts: the exception held to a day that is over.
 * - passes: it is complete; the exception can go.
 * - open: neither yet.
 * - no-slice: the run has no such slice.
 */
export type KnownState = 'fails' | 'expired' | 'passes' | 'open' | 'no-slice';

/** One exception, and one slice that it is about. */
export interface KnownFinding {
  exception: KnownException;
  state: KnownState;
  job: ReportedJob | null;
}

/** @param today in UTC, `YYYY-MM-DD` */
export function findKnown(
  exceptions: readonly KnownException[],
  slices: readonly ReportedJob[],
  today: string,
): KnownFinding[] {
  return exceptions.flatMap((exception): KnownFinding[] => {
    const jobs = slices.filter((job) => isAbout(exception, job));
    if (jobs.length === 0) return [{ exception, state: 'no-slice', job: null }];
    return jobs.map((job) => ({ exception, state: stateOf(exception, job, today), job }));
  });
}

function isAbout({ about }: KnownException, job: ReportedJob): boolean {
  if ('slice' in about) return about.slice === job.sliceId;
  return about.blocks.start <= job.startBlock && job.endBlock <= about.blocks.end;
}

function stateOf({ expires }: KnownException, { standing }: ReportedJob, today: string): KnownState {
  if (standing === 'verified' || standing === 'unverifiable') return 'passes';
  if (standing !== 'failed' && standing !== 'mismatch') return 'open';
  return expires < today ? 'expired' : 'fails';
}

/**
 * Reads the file of `--known`: a JSON list of `{"slice": 7}` or `{"blocks": "1000-3000"}`, each with
 * `reason` and `expires`.
 * @throws UserError that names every mistake
 */
export function parseKnown(text: string, file: string): KnownException[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw invalid(file, [`it is not JSON: ${(error as Error).message}`]);
  }
  if (!Array.isArray(list)) throw invalid(file, ['it is not a list']);
  const read = list.map(readEntry);
  const problems = read.flatMap((entry, at) =>
    Array.isArray(entry) ? entry.map((problem) => `entry ${at + 1}: ${problem}`) : [],
  );
  if (problems.length > 0) throw invalid(file, problems);
  return read.flatMap((entry) => (Array.isArray(entry) ? [] : [entry]));
}

/** The exception, or what is wrong with it. */
function readEntry(value: unknown): KnownException | string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['it is not an object'];
  const { slice, blocks, reason, expires, ...others } = value as Record<string, unknown>;
  const about = readAbout(slice, blocks);
  const problems = [
    ...(typeof about === 'string' ? [about] : []),
    ...(typeof reason === 'string' && reason.trim() !== '' ? [] : ['"reason" must be a text that says why']),
    ...(isDay(expires) ? [] : ['"expires" must be a day, such as "2027-03-31"']),
    // A mistyped name would change what the exception means.
    ...Object.keys(others).map((name) => `there is no field ${JSON.stringify(name)}`),
  ];
  return problems.length > 0 ? problems : ({ about, reason, expires } as KnownException);
}

function readAbout(slice: unknown, blocks: unknown): KnownException['about'] | string {
  if ((slice === undefined) === (blocks === undefined)) return 'give either "slice" or "blocks"';
  if (blocks === undefined) {
    return Number.isSafeInteger(slice) && Number(slice) > 0
      ? { slice: Number(slice) }
      : '"slice" must be the number of a slice, from 1';
  }
  const [, start, end] = (typeof blocks === 'string' && /^(\d{1,10})-(\d{1,10})$/u.exec(blocks)) || [];
  return Number(start) < Number(end)
    ? { blocks: { start: Number(start), end: Number(end) } }
    : '"blocks" must be a range, such as "1000-3000"';
}

function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/u.test(value)) return false;
  const day = new Date(`${value}T00:00:00Z`);
  // 30 February would be read as 2 March.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

function invalid(file: string, problems: readonly string[]): UserError {
  return new UserError({
    code: 'KNOWN_INVALID',
    message: problems.map((problem) => `${file}: ${problem}`).join('\n'),
    hint: 'Each entry is {"slice": 7, "reason": "why", "expires": "2027-03-31"}, or has "blocks": "1000-3000" in place of "slice".',
    exitCode: ExitCode.invalidInput,
  });
}
