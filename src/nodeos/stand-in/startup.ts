import { readHeader, nameText, slotTime } from './block-header.ts';
import { beginBlockLog, beginBlockLogAt1 } from './block-log.ts';
import { estimateUse, isTooSmall } from './database-size.ts';
import { BLOCK_LOG_FAILURE, FORK_DATABASE_FAILURE, chainFailure } from './failure.ts';
import { packGenesisHeader } from './genesis-block.ts';
import type { Genesis } from './genesis.ts';
import type { Beginning } from './initialize.ts';
import { noForkDatabase, replayBlockLog, warnFreshState } from './replay-log.ts';
import { type Run, breathe, chainOf, currentHash, fault, say, spoil } from './run.ts';
import type { SnapshotContent } from './snapshot-file.ts';
import { snapshotTaint } from './state-hash.ts';

/**
 * The startup of the chain: from the snapshot, the genesis or the state that is there to the end of the
 * block log or the end block.
 *
 * @throws NodeFailure for what the real program refuses.
 */
export async function startChain(run: Run, beginning: Beginning): Promise<void> {
  const since = Date.now();
  if (beginning.kind === 'snapshot') await loadSnapshot(run, beginning.snapshot);
  else if (beginning.kind === 'genesis') beginFromGenesis(run, beginning.genesis);
  else resume(run);
  if (run.state === null) return;
  if (run.quit.requested) {
    announceHead(run, null);
    return;
  }
  run.stateFolder.write(run.state, 'dirty');
  if (fault(run, 'wrong-start-hash') !== null && beginning.kind !== 'state') spoil(run, 'wrong-start-hash');
  run.isOpen = true;
  if (run.options.isOn('integrity-hash-on-start')) {
    say(run, 'startHash', `chain database started with hash: ${await currentHash(run)}`);
  }
  await replayBlockLog(run, beginning.kind === 'genesis', beginning.kind === 'snapshot');
  if (beginning.kind === 'snapshot') {
    const seconds = Math.floor((Date.now() - since) / 1000);
    say(run, 'loadFinished', `Finished initialization from snapshot (snapshot load time was ${seconds}s)`);
  }
  announceHead(run, beginning.kind === 'genesis' ? beginning.genesis.timestamp : null);
}

async function loadSnapshot(run: Run, snapshot: SnapshotContent): Promise<void> {
  const { range } = run.blockLog;
  const how = range === null ? 'no block log' : `block log ${range.first}-${range.last}`;
  if (range === null && run.stateFolder.hasForkDatabase) {
    throw chainFailure(
      FORK_DATABASE_FAILURE,
      "When starting from a snapshot with no block log, we shouldn't have a fork database either",
      run.form.at('throwForkDatabaseLeft'),
    );
  }
  say(
    run,
    range === null ? 'startWithoutLog' : 'startWithLog',
    `Starting initialization from snapshot and ${how}, this may take a significant amount of time`,
  );
  const { block, id, time, producer } = snapshot;
  const chain = {
    product: run.form.product,
    chainId: snapshot.chainId ?? run.blockLog.chainId ?? '0'.repeat(64),
    head: { block, id, time, producer },
    startBlock: block,
    taint: snapshotTaint(snapshot, run.table),
  };
  if (fault({ ...run, state: chain }, 'silent-load') !== null) {
    await run.quit.wait();
    return;
  }
  await showLoading(run);
  if (run.quit.requested) return;
  run.state = chain;
  run.databaseUsed = estimateUse(snapshot.size);
  if (isTooSmall(run)) {
    run.quit.request();
    return;
  }
  checkCoverage(run);
  const loaded = run.form.product === 'spring' ? `head: ${block} : ${id}` : `lib: ${block}`;
  say(run, 'loaded', `Snapshot loaded, ${loaded}`);
  if (run.blockLog.live === null) beginBlockLog(run.blocksFolder, (range?.last ?? block) + 1, chain.chainId);
}

/** A line every five seconds, none when it takes less. */
async function showLoading(run: Run): Promise<void> {
  const end = Date.now() + run.settings.loadMs;
  for (let left = run.settings.loadMs; left > 0 && !run.quit.requested; left = end - Date.now()) {
    await run.quit.wait(Math.min(left, 5000));
    if (end - Date.now() > 0 && !run.quit.requested) {
      const percent = Math.floor((100 * (run.settings.loadMs - (end - Date.now()))) / run.settings.loadMs);
      say(run, 'loadProgress', `Snapshot initialization ${percent}% complete`);
    }
  }
  await breathe();
}

function checkCoverage(run: Run): void {
  const { range } = run.blockLog;
  const { block } = chainOf(run).head;
  if (range === null || (range.first <= block + 1 && range.last >= block)) return;
  throw chainFailure(
    BLOCK_LOG_FAILURE,
    'Block log is provided with snapshot but does not contain the head block from the snapshot nor a block right after it',
    run.form.at('throwLogGap'),
    { snapshot_head_block: block, block_log_first_num: range.first, block_log_last_num: range.last },
  );
}

function beginFromGenesis(run: Run, genesis: Genesis): void {
  const isSpring = run.form.product === 'spring';
  if (!isSpring) warnFreshState(run);
  say(run, 'newChain', 'Initializing new blockchain with genesis state', isSpring ? 'info' : 'warn');
  if (run.blockLog.range === null) beginBlockLogAt1(run.blocksFolder, genesis);
  const header = readHeader(packGenesisHeader(genesis), 0);
  run.state = {
    product: run.form.product,
    chainId: genesis.chainId,
    head: { block: 1, id: header.id, time: slotTime(header.slot), producer: nameText(header.producer) },
    startBlock: 1,
    taint: null,
  };
}

/** Goes on with the state that is there. */
function resume(run: Run): void {
  const { head } = chainOf(run);
  if (run.form.product === 'spring') {
    say(run, 'headRead', `Loading chain_head block ${head.block} ${head.id}`);
    return;
  }
  if (!run.stateFolder.hasForkDatabase) throw noForkDatabase(run);
  const { range } = run.blockLog;
  if (range === null || range.last >= head.block) return;
  const { first, last } = range;
  throw chainFailure(
    BLOCK_LOG_FAILURE,
    `block log (ranging from ${first} to ${last}) does not contain the last irreversible block (${head.block})`,
    run.form.at('throwLogBeforeHead'),
    { block_log_first_num: first, block_log_last_num: last, fork_db_lib: head.block },
  );
}

function announceHead(run: Run, genesisTimestamp: string | null): void {
  const { head } = chainOf(run);
  say(run, 'chainMode', 'starting chain in read/write mode');
  const text = `Blockchain started; head block is #${head.block}`;
  if (genesisTimestamp === null) say(run, 'chainStarted', text);
  else say(run, 'chainStartedGenesis', `${text}, genesis timestamp is ${genesisTimestamp}`);
}
