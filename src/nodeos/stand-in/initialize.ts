import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BlockFile, isIndexed, lastIndexed, lastPosition, rebuildIndex } from './block-file.ts';
import { type BlockLog, findBlockLog } from './block-log.ts';
import {
  BLOCK_LOG_FAILURE,
  CONFIG_FAILURE,
  NodeFailure,
  SNAPSHOT_FAILURE,
  chainFailure,
  foreignFailure,
  passThrough,
  readPastEnd,
} from './failure.ts';
import { DEFAULT_GENESIS, type Genesis, parseGenesis } from './genesis.ts';
import { byDigest, protocolFeatures } from './protocol-features.ts';
import { type Run, fault, say } from './run.ts';
import { type SnapshotContent, readSnapshot } from './snapshot-file.ts';

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
    passThrough(error, run.log, run.form.at('rethrowInit'));
    const plugin =
      run.form.product === 'spring' ? (run.options.values('plugin')[0] ?? 'eosio::chain_plugin') : '';
    run.log.raw(`appbase: exception thrown during plugin "${plugin}" initialization.\n${error.summary}\n`);
    throw error;
  }
}

function announceFeatures(run: Run): void {
  const folder = resolve(
    run.options.configDir,
    run.options.value('protocol-features-dir') ?? 'protocol_features',
  );
  mkdirSync(folder, { recursive: true });
  const all = protocolFeatures(run.form.product);
  const pathOf = (name: string): string => join(folder, `BUILTIN-${name}.json`);
  const described = new Set(all.filter(({ name }) => existsSync(pathOf(name))));
  const missing = all.filter((feature) => !described.has(feature));
  for (const feature of [...byDigest([...described]), ...missing]) {
    const what = `builtin protocol feature '${feature.name}' (with digest of '${feature.digest}')`;
    const how = feature.preactivation ? 'with preactivation required' : 'without activation restrictions';
    say(
      run,
      feature.preactivation ? 'featureSupported' : 'featureUnrestricted',
      `Support for ${what} is enabled ${how}`,
    );
    if (described.has(feature)) continue;
    writeFileSync(pathOf(feature.name), `${JSON.stringify({ builtin_feature_codename: feature.name })}\n`);
    say(run, 'featureSaved', `Saved default specification for ${what} to: ${pathOf(feature.name)}`);
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

function loadSnapshot(run: Run, path: string): SnapshotContent {
  const result = readSnapshot(statSync(path).isDirectory() ? Buffer.alloc(16) : readFileSync(path));
  if (!result.ok) {
    if (result.problem === 'cut' || result.problem === 'sections') {
      const failure = readPastEnd(run.form);
      run.log.line('warn', run.form.at('rethrowSnapshot'), failure.detail());
      throw failure;
    }
    const text =
      result.problem === 'magic'
        ? 'Binary snapshot has unexpected magic number!'
        : `Binary snapshot is an unsuppored version.  Expected : 1, Got: ${result.found}`;
    const failure = chainFailure(SNAPSHOT_FAILURE, text, run.form.at('throwMagic'));
    passThrough(failure, run.log, run.form.at('rethrowSnapshot'));
    throw failure;
  }
  const { version } = result.snapshot;
  const max = run.form.maxSnapshotVersion;
  if (version < 2 || version > max) {
    throw chainFailure(
      '3240001 snapshot_validation_exception: Snapshot Validation Exception',
      `Unsupported version of chain snapshot: ${version}. Supported version must be between 2 and ${max} inclusive.`,
      run.form.at('throwSnapshotVersion'),
      { version, min: 2, max },
    );
  }
  return result.snapshot;
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

function inspectLog(run: Run): BlockLog {
  const result = findBlockLog(run.options);
  if (result.ok) return result.log;
  const { problem, path } = result;
  if (problem.kind === 'empty') {
    throw foreignFailure(
      'NSt8ios_base7failureB5cxx11E',
      `cfile: ${path} unable to read 4 bytes; only read 0, eof: true, ferror: 0: iostream error`,
      run.form.at('rethrowInit'),
    );
  }
  if (problem.kind === 'version') {
    throw chainFailure(
      '3190001 block_log_unsupported_version: unsupported version of block log',
      `Unsupported version of block log. Block log version is ${problem.version} while code supports version(s) [1,3], log file: ${path}`,
      run.form.at('throwLogVersion'),
      { version: problem.version, min: 1, max: 3, log: path },
    );
  }
  const position = String(problem.position);
  throw chainFailure(
    BLOCK_LOG_FAILURE,
    `Read outside of file: position ${position}, blknum_offset 14, file size ${problem.size}`,
    run.form.at('throwLogPosition'),
    { position, o: 14, s: problem.size },
  );
}

function openBlockLog(run: Run): void {
  const { live, strides } = run.blockLog;
  for (const file of strides.toReversed()) {
    if (!isIndexed(file)) recreateIndex(run, file);
  }
  if (live !== null) openLive(run, live);
  const index = join(run.blocksFolder, 'blocks.index');
  if (live === null && existsSync(index) && statSync(index).size > 0) {
    say(run, 'indexDiscarded', 'Log file is empty while the index file is nonempty, discard the index file');
    writeFileSync(index, '');
  }
}

function openLive(run: Run, live: BlockFile): void {
  const count = live.last - live.first + 1;
  say(run, 'logOpened', `Log has ${count} blocks`);
  if (count === 0) return;
  const indexed = lastIndexed(live);
  const fix = `please use ${run.form.utility} to fix the`;
  if (indexed === null) {
    throw chainFailure(
      BLOCK_LOG_FAILURE,
      `${live.indexPath} file is empty, ${fix} problem.`,
      run.form.at('throwIndexEmpty'),
      { index_file: live.indexPath },
    );
  }
  const position = lastPosition(live);
  if (indexed === position) return;
  throw chainFailure(
    BLOCK_LOG_FAILURE,
    `The last block position from ${live.path} is at ${position} which does not match the last block postion ${indexed} from ${live.indexPath}, ${fix} inconsistency.`,
    run.form.at('throwIndexMismatch'),
    {
      block_pos: Number(position),
      index_pos: Number(indexed),
      block_file: live.path,
      index_file: live.indexPath,
    },
  );
}

function recreateIndex(run: Run, file: BlockFile): void {
  say(run, 'indexRecreated', `Recreating index for: ${file.indexPath}`);
  say(run, 'indexWrite', `Will write new blocks.index file ${file.indexPath}`);
  say(
    run,
    'indexVersion',
    `block log version= ${file.version}, number of blocks ${file.last - file.first + 1}`,
  );
  say(run, 'indexRange', `first block= ${file.first}         last block= ${file.last}`);
  rebuildIndex(file);
}

/** What the other plugins say of their settings. */
function announcePlugins(run: Run): void {
  const { options, form } = run;
  if (form.product === 'spring') announceTimer(run);
  say(run, 'subjective', 'Subjective CPU billing disabled');
  if (options.values('plugin').includes('eosio::chain_api_plugin')) {
    const window = form.product === 'spring' ? 60_000 : 50_000;
    say(run, 'readOnlyThreads', 'chain_api_plugin configured, defaulting read-only-threads to 3');
    say(
      run,
      'readOnlyWindow',
      `read-only-write-window-time-us: 200000 us, read-only-read-window-time-us: 60000 us, effective read window time to be used: ${window} us`,
    );
    say(
      run,
      'readOnlyTime',
      `Read-only max transaction time 50000us set to fit in the effective read-only window ${window}us.`,
    );
    say(run, 'readOnlyEnforced', 'read-only-threads 3, max read-only trx time to be enforced: 50000 us');
  }
  say(run, 'initNet', 'Initialize net plugin');
  say(
    run,
    'monitorInterval',
    `Monitoring interval set to ${options.value('resource-monitor-interval-seconds')}`,
  );
  say(
    run,
    'monitorThreshold',
    `Space usage threshold set to ${options.value('resource-monitor-space-threshold')}%`,
  );
  const stays = options.isOn('resource-monitor-not-shutdown-on-threshold-exceeded');
  say(
    run,
    stays ? 'monitorNoShutdown' : 'monitorShutdown',
    `Shutdown flag when threshold exceeded set to ${!stays}`,
  );
  say(run, 'monitorWarning', `Warning interval set to ${options.value('resource-monitor-warning-interval')}`);
}

/** The real program measures its timer; the figures are made up. */
export function announceTimer(run: Run): void {
  say(run, 'checktime', 'Checktime timer accuracy: min:8us max:63us mean:16us stddev:6us');
}
