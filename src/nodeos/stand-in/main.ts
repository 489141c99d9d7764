/**
 * The stand-in for nodeos: a program that behaves towards a driver as nodeos does - command line, log,
 * HTTP answers, files, exit codes, signals - without computing anything. It exists because nodeos cannot be
 * had on a development machine. **Its results are rehearsals: they say nothing about any chain.** Wherever
 * it names itself it says so: `--version` prints `v1.2.2-stand-in` (or `v5.0.3-stand-in`).
 *
 * `replay stand-in-nodeos [--stand-in-… VALUE …] [--] <arguments of nodeos>`
 *
 * | option                          | environment                            | meaning                    |
 * | ------------------------------- | -------------------------------------- | -------------------------- |
 * | `--stand-in-version`            | `REPLAY_STAND_IN_VERSION`              | 1.x, 2.x: Spring; 3.x to 5.x: Leap; default 1.2.2 |
 * | `--stand-in-faults`             | `REPLAY_STAND_IN_FAULTS`               | see faults.ts              |
 * | `--stand-in-hashes`             | `REPLAY_STAND_IN_HASHES`               | table of recorded hashes, see state-hash.ts |
 * | `--stand-in-blocks-per-second`  | `REPLAY_STAND_IN_BLOCKS_PER_SECOND`    | default: as fast as it goes |
 * | `--stand-in-load-ms`            | `REPLAY_STAND_IN_LOAD_MS`              | time to load a snapshot    |
 * | `--stand-in-hash-ms`            | `REPLAY_STAND_IN_HASH_MS`              | time to compute a hash     |
 *
 * The option wins over the environment. wrapper.ts writes an executable called `nodeos` that starts it.
 *
 * What is real: snapshots (container, versions 6 and 8), block logs and stride files (version 3),
 * genesis.json and config.ini are read and checked as nodeos does, block ids are computed from the headers.
 * What is not: there is no state. The hash of the state is a digest of chain, product and block number, or
 * one from the table; a snapshot that is neither listed there nor marked as a whole sample gives others.
 *
 * As a peer: a stand-in serves the blocks of its block logs to other stand-ins on its p2p port, in a protocol
 * of its own (peer-server.ts). One started with `--genesis-json`, `--blocks-dir <folder of stride files>` and
 * `--blocks-log-stride 1000` serves a whole chain. It does not speak to real nodes.
 *
 * Accepted without effect: `replay-blockchain`, `hard-replay-blockchain`, `truncate-at-block`,
 * `read-mode = irreversible`, the printing and extracting options, and whatever else has no part in a replay.
 */
import { closeChain, announceVersion, stopAtInitialize, stopAtStartup, stopInOrder } from './shutdown.ts';
import { NodeFailure } from './failure.ts';
import { type Form, formOf } from './form.ts';
import { type Beginning, initialize } from './initialize.ts';
import { type StandInIo, processIo } from './io.ts';
import { createNodeLog } from './log.ts';
import { knownOptions } from './option-table.ts';
import { readOptions } from './options.ts';
import { Quit } from './quit.ts';
import { type Run, breathe, say } from './run.ts';
import { type Services, serve } from './services.ts';
import { type StandInSettings, readSettings } from './settings.ts';
import { watchSignals } from './signals.ts';
import { startChain } from './startup.ts';
import { NO_HASHES, readHashTable } from './state-hash.ts';

/** Exit code for a mistake in the stand-in's own options; nodeos has no such code. */
const STAND_IN_USAGE = 64;

/**
 * Runs the whole program and returns its exit code. Deaths by signal (faults `crash`, `sigbus`, `oom`) go
 * through `io.die` and do not return.
 */
export async function runStandIn(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  io: StandInIo = processIo(),
): Promise<number> {
  const result = readSettings(argv, env);
  if (!result.ok) {
    io.writeError(`stand-in for nodeos: ${result.message}\n`);
    return STAND_IN_USAGE;
  }
  const { settings, nodeosArgv } = result;
  const form = formOf(settings.version, settings.product);
  if (nodeosArgv.some((word) => ['--version', '-v'].includes(word))) return printOut(io, form.version);
  if (nodeosArgv.includes('--full-version')) return printOut(io, form.fullVersion);
  if (nodeosArgv.some((word) => ['--help', '-h'].includes(word))) return printOut(io, helpText(form));
  const log = createNodeLog(io);
  if (form.product === 'spring') log.line('info', form.at('started'), 'nodeos started');
  const options = readOptions({ argv: nodeosArgv, home: env['HOME'] ?? '/', form, log });
  if (typeof options === 'number') return options;
  const run: Run = {
    ...options,
    form,
    io,
    log,
    settings,
    table: tableOf(settings),
    quit: new Quit(),
    state: null,
    databaseUsed: 0,
    isOpen: false,
    forkDatabase: null,
  };
  watchSignals(run);
  return work(run);
}

/** The names of the options; what they mean stands in the help of the real program. */
function helpText({ product, version }: Form): string {
  const names = [...knownOptions(product).keys()].map((name) => `  --${name}`);
  return [`Stand-in for nodeos, ${version}: not the real program. Application Options:`, ...names].join('\n');
}

function printOut(io: StandInIo, text: string): number {
  io.writeOutput(`${text}\n`);
  return 0;
}

function tableOf(settings: StandInSettings): Run['table'] {
  return settings.hashTable === null ? NO_HASHES : readHashTable(settings.hashTable);
}

async function work(run: Run): Promise<number> {
  let beginning: Beginning;
  try {
    beginning = initialize(run);
  } catch (error) {
    if (error instanceof NodeFailure) return stopAtInitialize(run, error);
    throw error;
  }
  announceStart(run);
  await breathe();
  if (run.quit.requested) return stopInOrder(run);
  try {
    await startChain(run, beginning);
  } catch (error) {
    if (error instanceof NodeFailure) return stopAtStartup(run, error);
    throw error;
  }
  if (run.quit.requested) return stopInOrder(run);
  const services = await serve(run);
  services.close();
  return endServices(run, services);
}

function announceStart(run: Run): void {
  const { form, options } = run;
  say(run, 'versionAtStart', `nodeos version ${form.version} ${form.fullVersion}`);
  say(run, 'configFile', `nodeos using configuration file ${options.configFile}`);
  say(run, 'dataDirectory', `nodeos data directory is ${options.dataDir}`);
  say(run, 'options', `Non-default options: ${run.optionsText}`);
}

async function endServices(run: Run, services: Services): Promise<number> {
  if (run.form.product === 'leap') {
    if (services.networkStarted) {
      say(run, 'monitorStop', 'entered shutdown...');
      say(run, 'monitorStopped', 'exiting shutdown');
      say(run, 'netStop', 'shutdown..');
      say(run, 'netCloseAll', `close all ${services.peers} connections`);
      say(run, 'netStopped', 'exit shutdown');
    }
    say(run, 'producerStopped', 'exit shutdown');
    say(run, 'httpStopped', 'exit shutdown');
    return stopInOrder(run);
  }
  if (!services.failed) return stopInOrder(run);
  await closeChain(run);
  announceVersion(run);
  say(run, 'failedStd', 'Bad address', 'error');
  return 254;
}
