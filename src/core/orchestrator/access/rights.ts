/**
 * What a caller may do.
 * - read: look at the run: status, results, logs.
 * - work: take jobs and report on them.
 * - admin: ask for another run of a job, put back what somebody else holds, decide about hosts,
 *   pause the run, begin another one.
 */
export const RIGHTS = ['read', 'work', 'admin'] as const;
export type Right = (typeof RIGHTS)[number];

/**
 * Each right contains those before it: a worker has to read its job and the summary, and whoever may
 * put jobs back may also work on them.
 */
export function includes(held: readonly Right[], needed: Right): boolean {
  return held.some((right) => RIGHTS.indexOf(right) >= RIGHTS.indexOf(needed));
}

export function isRight(value: unknown): value is Right {
  return RIGHTS.some((right) => right === value);
}
