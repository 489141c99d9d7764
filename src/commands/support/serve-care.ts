import { Flags } from '@oclif/core';
import type { Cause } from '../../core/domain/cause.ts';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { DEFAULT_LEASE_SECONDS } from '../../core/domain/lease.ts';
import { DEFAULT_BUDGETS, describeBudgets, parseBudget } from '../../core/domain/retry-policy.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { listOf } from './list-flag.ts';
import type { CareOptions } from '../../core/orchestrator/create-context.ts';

/** How long a job belongs to a host that is not heard from, and what follows a failure. */
export const serveCareFlags = {
  lease: Flags.integer({
    description: 'seconds without a word from its holder after which a job is given to another host',
    env: 'REPLAY_LEASE',
    helpValue: 'SECONDS',
    default: DEFAULT_LEASE_SECONDS,
    min: 2,
    max: 86_400,
  }),
  retries: Flags.string({
    description: `how often a job goes back into the queue for a cause of failure, or for each with all=N (repeatable; kept with the run). Unless set: ${describeBudgets(DEFAULT_BUDGETS)}`,
    env: 'REPLAY_RETRIES',
    helpValue: 'CAUSE=N',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'confirm-mismatch': Flags.boolean({
    description:
      'run a slice with a wrong hash once more on another host before it counts (kept with the run)',
    env: 'REPLAY_CONFIRM_MISMATCH',
    allowNo: true,
  }),
};

interface ServeCareFlags {
  lease: number;
  retries?: string[] | undefined;
  'confirm-mismatch'?: boolean | undefined;
}

/** @throws UserError for a budget that cannot be read */
export function serveCare(flags: ServeCareFlags): { care: CareOptions } {
  // In whatever order they come, what is said of one cause counts more than what is said of all.
  const inOrder = listOf(flags.retries).toSorted((a, b) => Number(isForAll(b)) - Number(isForAll(a)));
  const retries = inOrder.reduce<Partial<Record<Cause, number>>>(
    (budgets, text) => ({ ...budgets, ...read(text) }),
    {},
  );
  return { care: { leaseSeconds: flags.lease, retries, confirmMismatch: flags['confirm-mismatch'] } };
}

function isForAll(text: string): boolean {
  return text.startsWith('all');
}

function read(text: string): Partial<Record<Cause, number>> {
  const budget = parseBudget(text);
  if (typeof budget !== 'string') return budget;
  throw new UserError({
    code: 'RETRIES',
    message: `--retries ${text} cannot be used: ${budget}.`,
    hint: 'Give it as CAUSE=N, several times for several causes.',
    exitCode: ExitCode.usage,
  });
}
