/**
 * What follows a failed attempt, by its cause. Every cause has a budget: how often a job goes back into
 * the queue because of it, until a person asks for another run.
 */
import { CAUSES, type Cause } from './cause.ts';

/**
 * Where the next attempt is to be made.
 * - any: the failure says nothing about the host.
 * - preferred: another host is better, but the same one will do.
 * - another: the same host is likely to fail again.
 */
export type HostChoice = 'any' | 'preferred' | 'another';

export interface RetryRule {
  /** How often a job is put back for this cause, unless something else is set. */
  readonly budget: number;
  /** Whether the job waits before it is offered again, longer each time. */
  readonly delayed: boolean;
  readonly host: HostChoice;
}

const AT_ONCE = { budget: 10, delayed: false, host: 'any' } as const;
/** A server or mirror that is down needs time; a host that cannot reach it needs a replacement. */
const LATER = { budget: 5, delayed: true, host: 'preferred' } as const;
const ELSEWHERE = { delayed: false, host: 'another' } as const;
const NEVER = { budget: 0, delayed: false, host: 'any' } as const;

export const RETRY_RULES: Readonly<Record<Cause, RetryRule>> = {
  interrupted: AT_ONCE,
  'host-lost': AT_ONCE,
  download: LATER,
  install: LATER,
  'disk-full': { ...ELSEWHERE, budget: 2 },
  'out-of-memory': { ...ELSEWHERE, budget: 2 },
  'corrupt-snapshot': { ...ELSEWHERE, budget: 1 },
  'blocks-log': { ...ELSEWHERE, budget: 1 },
  'nodeos-crash': { ...ELSEWHERE, budget: 1 },
  stalled: { ...ELSEWHERE, budget: 1 },
  'no-evidence': { ...ELSEWHERE, budget: 1 },
  // The result that a run exists for: it is confirmed when somebody asks for that, and never retried away.
  'hash-mismatch': { ...ELSEWHERE, budget: 0 },
  'bad-job': NEVER,
};

export type Budgets = Readonly<Record<Cause, number>>;

/** What is in force for one run. */
export interface RetryPolicy {
  readonly budgets: Budgets;
  /** Whether a mismatch is run once more, on another host, before it stands. */
  readonly confirmMismatch: boolean;
}

/** The causes whose budget can be set. A mismatch has a switch of its own. */
export const SETTABLE_CAUSES: readonly Cause[] = CAUSES.filter((cause) => cause !== 'hash-mismatch');

export const DEFAULT_BUDGETS: Budgets = Object.fromEntries(
  CAUSES.map((cause) => [cause, RETRY_RULES[cause].budget]),
) as Record<Cause, number>;

export const DEFAULT_POLICY: RetryPolicy = { budgets: DEFAULT_BUDGETS, confirmMismatch: false };

/** Nobody needs more, and the sum of all stays readable. */
export const MAX_BUDGET = 1000;

/**
 * Reads `CAUSE=N` or `all=N`, as it is given to `serve --retries`.
 *
 * @returns the reason when it cannot be read.
 */
export function parseBudget(text: string): Partial<Record<Cause, number>> | string {
  const [, name = '', digits = ''] = /^\s*([a-z-]+)\s*=\s*(\d{1,9})\s*$/.exec(text) ?? [];
  if (name === 'hash-mismatch')
    return 'a hash mismatch is never retried; --confirm-mismatch has it confirmed';
  const causes = SETTABLE_CAUSES.filter((cause) => name === 'all' || name === cause);
  if (name !== '' && causes.length === 0) {
    return `there is no cause "${name}"; the causes are ${SETTABLE_CAUSES.join(', ')}, and all`;
  }
  const budget = Number(digits);
  if (digits === '' || budget > MAX_BUDGET) {
    return `expected CAUSE=N, for instance download=3, with N from 0 to ${MAX_BUDGET}`;
  }
  return Object.fromEntries(causes.map((cause) => [cause, budget]));
}

/** `interrupted=10, host-lost=10, …`, as it could be given. */
export function describeBudgets(budgets: Budgets): string {
  return SETTABLE_CAUSES.map((cause) => `${cause}=${budgets[cause]}`).join(', ');
}
