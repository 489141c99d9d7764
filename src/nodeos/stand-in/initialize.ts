import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { announceFeatures, announcePlugins } from './announce.ts';
import { inspectLog, openBlockLog } from './check-log.ts';
import { loadSnapshot } from './check-snapshot.ts';
import { CONFIG_FAILURE, NodeFailure, chainFailure, foreignFailure, passThrough } from './failure.ts';
import { DEFAULT_GENESIS, type Genesis, parseGenesis } from './genesis.ts';
import { type Run, fault, say } from './run.ts';
import type { SnapshotContent } from './snapshot-file.ts';

/** What the chain begins with in this run. */
export type Beginning =
  | { kind: 'snapshot'; snapshot: SnapshotContent }
  | { kind: 'genesis'; genesis: Genesis }
  | { kind: 'state' };

/**
 * What nodeos does in `plugin_initialize`: checks everything it was given and opens the state and the logs.
 *
 * @throws NodeFailure for what the real program refuses.
 */
export function initialize(run: Run): Beginning {
  say(run, 'initChain', 'initializing chain plugin');
  announceFeatures(run);
  try {
    const beginning = initializeChain(run);
    openBlockLog(run);
    announcePlugins(run);
    return beginning;
  } catch (error) {
    if (!(error instanceof NodeFailure)) throw error;
    const configured = run.options.values('plugin');
    const isForeign = error.foreignText !== null;
    if (!isForeign) passThrough(error, run.log, run.form.at('rethrowInit'));
    const named = (isForeign ? configured.at(-1) : configured[0]) ?? 'eosio::chain_plugin';
    const plugin = run.form.product === 'spring' ? named : '';
    run.log.raw(`appbase: exception thrown during plugin "${plugin}" initialization.\n${error.summary}\n`);
    throw error;
  }
}

function initializeChain(run: Run): Beginning {
  const snapshotPath = run.options.value('snapshot');
  if (snapshotPath !== null) return fromSnapshot(run, resolve(snapshotPath));
  run.blockLog = inspectLog(run);
  const genesis = run.stateFolder.exists && readState(run) ? null : freshGenesis(run);
  const given = run.options.value('genesis-json');
  if (given !== null) useGenesis(run, resolve(given), genesis);
  return beginningOf(run, genesis, given);
}

/** Takes over the state that is there; false when it holds no chain. */
function readState(run: Run): boolean {
  const { dirty, state } = run.stateFolder.read();
  if (dirty || fault({ ...run, state }, 'dirty-state') !== null) throw dirtyState(run);
  run.state = state;
  return state !== null;
}

function dirtyState(run: Run): NodeFailure {
  return foreignFailure(
    'N5boost10wrapexceptISt12system_errorEE',
    'Database dirty flag set',
    run.form.at('rethrowInit'),
    2,
  );
}

function fromSnapshot(run: Run, path: string): Beginning {
  if (!existsSync(path)) {
    const text = `Cannot load snapshot, ${path} does not exist`;
    throw chainFailure(CONFIG_FAILURE, text, run.form.at('throwSnapshotMissing'), { name: path });
  }
  const snapshot = loadSnapshot(run, path);
  if (run.options.value('genesis-json') !== null) {
    throw chainFailure(
      CONFIG_FAILURE,
      '--snapshot is incompatible with --genesis-json as the snapshot contains genesis information',
      run.form.at('throwSnapshotAndGenesis'),
    );
  }
  if (run.stateFolder.exists) throw stateExists(run);
  run.blockLog = inspectLog(run);
  const logChain = run.blockLog.chainId;
  if (snapshot.chainId !== null && logChain !== null && snapshot.chainId !== logChain) {
    throw chainFailure(
      CONFIG_FAILURE,
      `snapshot chain ID (${snapshot.chainId}) does not match the chain ID (${logChain}) in the block log`,
      run.form.at('throwOtherChain'),
      { snapshot_chain_id: snapshot.chainId, block_log_chain_id: logChain },
    );
  }
  if (fault(run, 'dirty-state') !== null) throw dirtyState(run);
  run.stateFolder.write(null, 'dirty');
  return { kind: 'snapshot', snapshot };
}

function stateExists(run: Run): NodeFailure {
  const text = 'Snapshot can only be used to initialize an empty database';
  const place = run.form.at('throwStateExists');
  return run.form.product === 'leap'
    ? chainFailure(CONFIG_FAILURE, `${text}.`, place)
    : chainFailure(CONFIG_FAILURE, `${text}, remove directory: ${run.stateFolder.folder}`, place, {
        d: run.stateFolder.folder,
      });
}

/** Without state and snapshot: the genesis in the block log comes first. */
function freshGenesis(run: Run): Genesis | null {
  const { genesis } = run.blockLog;
  if (genesis !== null) {
    say(
      run,
      'genesisFromLog',
      'Starting fresh blockchain state using genesis state extracted from blocks.log.',
    );
  }
  return genesis;
}

function useGenesis(run: Run, path: string, fromLog: Genesis | null): void {
  say(run, 'genesisProvided', `Using genesis state provided in '${path}'`);
  const expected = run.state?.chainId ?? fromLog?.chainId ?? run.blockLog.chainId;
  if (expected === null || parseGenesis(readFileSync(path, 'utf8')).chainId === expected) return;
  throw chainFailure(
    CONFIG_FAILURE,
    'Genesis state, provided via command line arguments, does not match the existing genesis state in blocks.log. It is not necessary to provide genesis state arguments when a full blocks.log file already exists.',
    run.form.at('throwOtherGenesis'),
  );
}

function beginningOf(run: Run, fromLog: Genesis | null, givenPath: string | null): Beginning {
  if (run.state !== null) {
    run.stateFolder.write(run.state, 'dirty');
    return { kind: 'state' };
  }
  run.stateFolder.write(null, 'dirty');
  if (fromLog !== null) return { kind: 'genesis', genesis: fromLog };
  if (givenPath !== null) {
    say(run, 'genesisFresh', 'Starting fresh blockchain state using provided genesis state.');
    return { kind: 'genesis', genesis: parseGenesis(readFileSync(resolve(givenPath), 'utf8')) };
  }
  say(run, 'genesisDefault', 'Starting fresh blockchain state using default genesis state.');
  return { kind: 'genesis', genesis: parseGenesis(JSON.stringify(DEFAULT_GENESIS)) };
}
