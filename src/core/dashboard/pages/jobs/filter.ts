import { JOB_STATUSES, VERDICTS, type JobStatus } from '../../../domain/job.ts';
import { hasFailed, isHeld } from '../../../domain/transition.ts';
import type { JobRow } from '../../../protocol/job-row.ts';
import { holdsBlock, parseSearch } from './search.ts';

type Matches = (job: JobRow) => boolean;

/** Several statuses under one name. */
export const STATES = {
  failed: { name: 'failed (all kinds)', has: (status: JobStatus) => hasFailed({ status }) },
  held: { name: 'held by a host', has: isHeld },
} as const;
export type State = keyof typeof STATES;

/** What stands in the place of a host, a cause or a verdict that is not there. */
export const NONE = '-';

/** Names in the address; those of the filter are also JobFilter's (routing/addresses.ts). */
export const FILTER_NAMES = ['state', 'status', 'verdict', 'host', 'cause', 'blocks', 'q'] as const;

/** What the table is narrowed to. */
export interface Filter {
  matches: Matches;
  isNarrow: boolean;
  /** What is wrong with the blocks that were asked for, if anything. They are passed over then. */
  blocksProblem: string | null;
}

/** Reads the filter in the address. What it does not understand of it, it passes over. */
export function readFilter(query: URLSearchParams): Filter {
  const asked = (name: (typeof FILTER_NAMES)[number]): string => query.get(name)?.trim() ?? '';
  const blocks = parseBlocks(asked('blocks'));
  const parts = [
    byState(asked('state')),
    byStatus(asked('status')),
    byVerdict(asked('verdict')),
    byText(asked('host'), (job) => job.worker_id),
    byText(asked('cause'), (job) => job.error_cause),
    blocks.matches,
    parseSearch(asked('q')),
  ].filter((part) => part !== null);
  return {
    matches: (job) => parts.every((matches) => matches(job)),
    isNarrow: parts.length > 0 || blocks.problem !== null,
    blocksProblem: blocks.problem,
  };
}

function byState(asked: string): Matches | null {
  if (!Object.hasOwn(STATES, asked)) return null;
  const { has } = STATES[asked as State];
  return ({ status }) => has(status);
}

function byStatus(asked: string): Matches | null {
  const wanted = JOB_STATUSES.find((status) => status === asked);
  return wanted === undefined ? null : ({ status }) => status === wanted;
}

function byVerdict(asked: string): Matches | null {
  if (asked === NONE) return ({ verdict }) => verdict === null;
  const wanted = VERDICTS.find((verdict) => verdict === asked);
  return wanted === undefined ? null : ({ verdict }) => verdict === wanted;
}

function byText(asked: string, of: (job: JobRow) => string | null): Matches | null {
  if (asked === '') return null;
  return asked === NONE ? (job) => of(job) === null : (job) => of(job) === asked;
}

/**
 * `1,000 – 2,000`: the slices that have a part in it. It is written as the ranges of the slices are, so that a
 * slice which ends at 1,000 is not among them. `1,000`: the slice that holds the block.
 */
export function parseBlocks(text: string): { matches: Matches | null; problem: string | null } {
  if (text === '') return { matches: null, problem: null };
  const [, low, high] = /^(\d[\d,._ ]*?)\s*(?:(?:-|–|\.\.|\bto\b)\s*(\d[\d,._ ]*))?$/u.exec(text) ?? [];
  if (low === undefined) return { matches: null, problem: 'Two numbers, as in 1,000 – 2,000, or one.' };
  const from = numberOf(low);
  if (high === undefined) return { matches: (job) => holdsBlock(job, from), problem: null };
  const to = numberOf(high);
  if (to < from) return { matches: null, problem: 'The second number is below the first.' };
  if (to === from) return { matches: (job) => holdsBlock(job, from), problem: null };
  return { matches: (job) => job.start_block_num < to && job.end_block_num > from, problem: null };
}

function numberOf(text: string): number {
  return Number(text.replaceAll(/[^\d]/gu, ''));
}
