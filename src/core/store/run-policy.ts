import type { Cause } from '../domain/cause.ts';
import { CAUSES } from '../domain/cause.ts';
import { DEFAULT_BUDGETS, MAX_BUDGET, type RetryPolicy } from '../domain/retry-policy.ts';
import type { RunSettings } from './run-folder.ts';

/** What is asked for at this start; what is not said stays as the run has it. */
export interface AskedSettings {
  retries: Partial<Record<Cause, number>>;
  confirmMismatch: boolean | undefined;
}

/** The retry policy of a run: asked for now, else as it was asked for before, else the default. */
export function policyOf(
  kept: RunSettings | undefined,
  asked: AskedSettings = { retries: {}, confirmMismatch: undefined },
): RetryPolicy {
  const budgets = { ...DEFAULT_BUDGETS, ...known(kept?.retries), ...known(asked.retries) };
  return { budgets, confirmMismatch: asked.confirmMismatch ?? kept?.confirmMismatch === true };
}

/** The file may have been edited by hand, or written by another version. */
function known(budgets: Partial<Record<string, unknown>> | undefined): Partial<Record<Cause, number>> {
  const valid = CAUSES.flatMap((cause) => {
    const budget = budgets?.[cause];
    const usable = typeof budget === 'number' && Number.isInteger(budget) && budget >= 0;
    return usable && budget <= MAX_BUDGET && cause !== 'hash-mismatch' ? [[cause, budget] as const] : [];
  });
  return Object.fromEntries(valid);
}
