import { GUARD_FAILURE, NodeFailure, chainFailure } from './failure.ts';
import { type Run, say } from './run.ts';

/** A state takes about twice the room of its snapshot. */
export function estimateUse(snapshotBytes: number): number {
  return 2 * snapshotBytes;
}

function mebibytes(run: Run, option: string): number {
  return Number(run.options.value(option) ?? '0') * 2 ** 20;
}

/**
 * Whether the snapshot does not fit into the state database. Spring fails then; Leap says so, goes on without
 * a state, and ends with exit code 0.
 *
 * @throws NodeFailure (Spring)
 */
export function isTooSmall(run: Run): boolean {
  if (run.databaseUsed <= mebibytes(run, 'chain-state-db-size-mb')) return false;
  const text =
    'Failed initialization from snapshot - db storage not configured to have enough storage for the provided snapshot, please increase and retry snapshot';
  say(run, 'loadTooSmall', text, 'error');
  if (run.form.product === 'leap') return true;
  const what = 'bad_function_call';
  throw new NodeFailure({
    head: `13 St17${what}: ${what}`,
    summary: what,
    frame: { text: `${what}: `, values: JSON.stringify({ what }), place: run.form.at('rethrowStartup') },
  });
}

/** The failure when less of the state database is free than the guard asks for; null when there is room. */
export function guardFailure(run: Run): NodeFailure | null {
  const free = mebibytes(run, 'chain-state-db-size-mb') - run.databaseUsed;
  const guard = mebibytes(run, 'chain-state-db-guard-size-mb');
  if (free >= guard) return null;
  return chainFailure(
    GUARD_FAILURE,
    `database free: ${free}, guard size: ${guard}`,
    run.form.at('throwGuard'),
    { f: free, g: guard },
  );
}

export function announceGuard(run: Run): void {
  const text =
    'Database has reached an unsafe level of usage, shutting down to avoid corrupting the database.  Please increase the value set for "chain-state-db-size-mb" and restart the process!';
  say(run, 'guard', text, 'error');
}
