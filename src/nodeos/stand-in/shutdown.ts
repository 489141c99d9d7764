import { GUARD_FAILURE, type NodeFailure } from './failure.ts';
import { type Run, chainOf, currentHash, fault, say } from './run.ts';

/** Prints version and options, which nodeos does on its way out whatever happened. */
export function announceVersion(run: Run): void {
  say(run, 'versionAtEnd', `nodeos version ${run.form.version} ${run.form.fullVersion}`);
  say(run, 'options', `Non-default options: ${run.optionsText}`);
}

/** The orderly end: hash, chain head, fork database, last words. Returns the exit code. */
export async function stopInOrder(run: Run): Promise<number> {
  await closeChain(run);
  announceVersion(run);
  say(run, 'exiting', 'nodeos successfully exiting');
  return 0;
}

/** Closes the state as the chain's destructor does, with the hash when that was asked for. */
export async function closeChain(run: Run): Promise<void> {
  const isSilent = run.state !== null && fault(run, 'exit-0-no-hash') !== null;
  if (run.isOpen && !isSilent && run.options.isOn('integrity-hash-on-stop')) {
    say(run, 'stopHash', `chain database stopped with hash: ${await currentHash(run)}`);
  }
  if (run.form.product === 'spring') closeSpring(run, isSilent);
  else if (run.forkDatabase !== null) run.stateFolder.writeForkDatabase(run.forkDatabase);
  if (run.stateFolder.exists) run.stateFolder.write(run.state, 'clean');
}

function closeSpring(run: Run, isSilent: boolean): void {
  if (run.state !== null && !isSilent) {
    const { head } = chainOf(run);
    say(run, 'headWritten', `Writing chain_head block ${head.block} ${head.id}`);
  }
  const database = run.forkDatabase;
  if (database === null) {
    say(run, 'noForkDatabase', 'No fork_database to persist');
    return;
  }
  say(run, 'forkPersist', `Persisting to fork_database file: ${run.stateFolder.forkDatabasePath}`);
  const { root, head } = database;
  if (head.block === root.block) {
    say(run, 'forkEmpty', `Writing empty fork_database with root ${root.block}:${root.id}`);
  } else {
    const size = head.block - root.block;
    say(
      run,
      'forkBlocks',
      `Writing fork_database ${size} blocks with root ${root.block}:${root.id} and head ${head.block}:${head.id}`,
    );
  }
  run.stateFolder.writeForkDatabase(database);
}

/** The end after a failure while plugins initialize: at most the state is open. Returns the exit code. */
export async function stopAtInitialize(run: Run, failure: NodeFailure): Promise<number> {
  announceVersion(run);
  if (failure.foreignText !== null) await closeChain(run);
  return announceFailure(run, failure);
}

/**
 * The end after a failure at startup: the state is closed after the version was printed, but before when it
 * was the guard of the state database that stopped it.
 */
export async function stopAtStartup(run: Run, failure: NodeFailure): Promise<number> {
  const isGuard = failure.head === GUARD_FAILURE;
  if (isGuard) await closeChain(run);
  announceVersion(run);
  if (!isGuard) await closeChain(run);
  const place = run.form.at('rethrowStartup');
  if (failure.frames.at(-1)?.place !== place) failure.frames.push({ text: '', values: '{}', place });
  return announceFailure(run, failure);
}

function announceFailure(run: Run, failure: NodeFailure): number {
  if (failure.exitCode === 2) {
    const text = 'database dirty flag set (likely due to unclean shutdown): replay required';
    say(run, 'failedDirty', text, 'error');
  } else {
    say(run, failure.foreignText === null ? 'failed' : 'failedBoost', failure.detail(), 'error');
  }
  return failure.exitCode;
}
