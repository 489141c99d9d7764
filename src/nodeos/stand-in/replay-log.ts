import { Advance, announceFullDisk, headOf } from './advance.ts';
import type { HeaderReader } from './block-file.ts';
import { holds, openBlockLog } from './block-log.ts';
import { announceGuard, guardFailure } from './database-size.ts';
import {
  BLOCK_LOG_FAILURE,
  FORK_DATABASE_FAILURE,
  GUARD_FAILURE,
  NodeFailure,
  chainFailure,
  passThrough,
} from './failure.ts';
import { announceTimer } from './announce.ts';
import { type Run, chainOf, endBlock, fault, say } from './run.ts';

/** Blocks that the fault `head-beyond` goes past the end. */
const BEYOND = 3;

/**
 * Replays the block log onto the state up to the end block, the end of the log, a gap, or the request to
 * stop. Afterwards the fork database is open, unless (Spring) the replay was stopped in the middle.
 *
 * @throws NodeFailure when the fork database is missing or a block is not the one that it should be.
 */
export async function replayBlockLog(run: Run, fromGenesis: boolean, fromSnapshot: boolean): Promise<void> {
  const { head } = chainOf(run);
  const last = lastToReplay(run);
  const replayed = last !== null && last > head.block;
  let finished = true;
  if (replayed) {
    finished = await replay(run, last);
  } else if (run.form.product === 'spring') {
    const nothing = run.blockLog.range === null && !fromGenesis ? 'noLog' : 'nothingToReplay';
    const texts = {
      noLog: 'no block log found',
      nothingToReplay: 'no irreversible blocks need to be replayed from block log',
    };
    say(run, nothing, texts[nothing]);
  } else if (!fromSnapshot) {
    say(run, 'nothingToReplay', 'no irreversible blocks need to be replayed');
    say(run, 'replayReversible', '0 reversible blocks replayed');
    say(run, 'replayTime', replayTime(0, 0));
  }
  if (run.form.product === 'leap') openLeapForkDatabase(run);
  else if (finished) openSpringForkDatabase(run, fromGenesis, fromGenesis || fromSnapshot || replayed);
}

/** Leap takes a `blocks.log` that it began itself, without a block in it, for the end of all logs. */
function lastToReplay(run: Run): number | null {
  const { live, range } = run.blockLog;
  const isBegun = live !== null && live.last < live.first;
  return run.form.product === 'leap' && isBegun ? null : (range?.last ?? null);
}

/** Returns whether it came to the end of the log by itself. */
async function replay(run: Run, last: number): Promise<boolean> {
  const from = chainOf(run).head.block + 1;
  say(run, 'replayFrom', `existing block log, attempting to replay from ${from} to ${last} blocks`);
  const isSpring = run.form.product === 'spring';
  if (!isSpring) announceTimer(run);
  const reader = openBlockLog(run.blockLog);
  const advance = new Advance(run);
  let failure: NodeFailure | null = null;
  try {
    await applyAll(run, reader, advance, last);
  } catch (error) {
    if (!(error instanceof NodeFailure)) throw error;
    failure = error;
    const text = `Exception caught while replaying block log: ${error.summary}`;
    if (isSpring) say(run, 'replayFailed', text, 'warn');
  } finally {
    reader.close();
  }
  if (isSpring) announceSpringReplay(run, advance, failure === null);
  else announceLeapReplay(run, advance, from - 1, failure === null);
  if (failure?.head === GUARD_FAILURE) announceGuard(run);
  if (failure !== null) throw failure;
  return !run.quit.requested;
}

async function applyAll(run: Run, reader: HeaderReader, advance: Advance, last: number): Promise<void> {
  const end = endBlock(run);
  const stopAt = end === 0 ? 0 : end + (fault(run, 'head-beyond') === null ? 0 : BEYOND);
  if (fault(run, 'disk-full')?.block === null) announceFullDisk(run);
  const guard = guardFailure(run);
  if (guard !== null) throw guard;
  while (!run.quit.requested) {
    const { block } = chainOf(run).head;
    if (!holds(run.blockLog, block + 1)) return;
    if (stopAt > 0 && block >= stopAt) {
      announceReached(run, 'reached');
      return;
    }
    const header = reader.header(block + 1);
    if (header === null) throw wrongBlock(run);
    await advance.apply(headOf(header));
    if (header.block % 500 === 0) say(run, 'replayed', `${header.block} of ${last}`);
  }
}

function wrongBlock(run: Run): NodeFailure {
  const text = 'Wrong block was read from block log.';
  const failure = chainFailure(BLOCK_LOG_FAILURE, text, run.form.at('throwWrongBlock'));
  passThrough(failure, run.log, run.form.at('rethrowReadBlock'));
  return failure;
}

/** Says that the end block is reached, and asks for the stop. */
export function announceReached(run: Run, place: 'reached' | 'reachedIdle' | 'reachedSync'): void {
  const end = endBlock(run);
  const head = chainOf(run).head.block;
  const text =
    run.form.product === 'spring'
      ? `Block ${head} reached configured maximum block ${end}; terminating`
      : `Reached configured maximum block ${end}; terminating`;
  say(run, place, text);
  run.quit.request();
}

function announceSpringReplay(run: Run, advance: Advance, isWhole: boolean): void {
  const { block } = chainOf(run).head;
  if (run.quit.requested) say(run, 'replayQuit', 'quitting from replay_block_log because of shutdown');
  say(
    run,
    'replayCount',
    `${advance.count} irreversible blocks replayed from block log, chain head ${block}`,
  );
  say(run, 'replayTime', replayTime(advance.count, advance.elapsed));
  say(run, 'replayRevision', `Setting chainbase revision to ${block}`);
  if (run.quit.requested && isWhole) say(run, 'replayQuitOuter', 'quitting from replay because of shutdown');
}

function announceLeapReplay(run: Run, advance: Advance, before: number, isWhole: boolean): void {
  say(run, 'replayCount', `${advance.count} irreversible blocks replayed`);
  say(run, 'replayForkHead', `fork database head ${before}, root ${before}`);
  if (advance.count > 0) {
    const { id } = chainOf(run).head;
    say(
      run,
      'replayForkReset',
      `resetting fork database with new last irreversible block as the new root: ${id}`,
    );
  }
  if (isWhole && !run.quit.requested) say(run, 'replayReversible', '0 reversible blocks replayed');
  say(run, 'replayTime', replayTime(advance.count, advance.elapsed));
}

function replayTime(count: number, elapsed: number): string {
  const each = count === 0 ? 0 : elapsed / count;
  return `replayed ${count} blocks in ${Math.floor(elapsed / 1000)} seconds, ${each.toFixed(17)} ms/block`;
}

/** Leap keeps one that holds the head alone, and says nothing of it. */
function openLeapForkDatabase(run: Run): void {
  run.stateFolder.takeForkDatabase();
  const { head } = chainOf(run);
  run.forkDatabase = { root: head, head };
}

/** `isNew`: the head is one that no fork database could know yet. */
function openSpringForkDatabase(run: Run, fromGenesis: boolean, isNew: boolean): void {
  const found = run.stateFolder.takeForkDatabase();
  const { block, id } = chainOf(run).head;
  if (found === null && !isNew) throw noForkDatabase(run);
  if (found === null && fromGenesis) warnFreshState(run);
  const isEmpty = found === null || found.head.block <= block;
  if (isEmpty) {
    say(run, 'forkNothingPending', `fork database has no pending blocks root ${block} : ${id}`);
    run.forkDatabase = { root: chainOf(run).head, head: chainOf(run).head };
    return;
  }
  const { root, head } = found;
  const size = head.block - root.block;
  say(
    run,
    'forkSize',
    `fork database size ${size} head ${head.block} : ${head.id}, root ${root.block} : ${root.id}`,
  );
  say(
    run,
    'forkBlocksAfterHead',
    `fork database contains ${head.block - block} blocks after head from ${block} to ${head.block}`,
  );
  run.forkDatabase = found;
}

/** The state came from somewhere, but the fork database that belongs to it is gone. */
export function noForkDatabase(run: Run): NodeFailure {
  return chainFailure(
    FORK_DATABASE_FAILURE,
    'No existing fork database despite existing chain state. Replay required.',
    run.form.at('throwNoForkDatabase'),
  );
}

export function warnFreshState(run: Run): void {
  const text =
    'No existing chain state or fork database. Initializing fresh blockchain state and resetting fork database.';
  say(run, 'freshState', text, 'warn');
}
