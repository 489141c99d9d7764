import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSampleChain } from '../../nodeos/stand-in/sample-chain.ts';
import { writeStandInWrapper } from '../../nodeos/stand-in/wrapper.ts';
import { UserError } from '../domain/user-error.ts';
import { orchestratorClient } from '../protocol/client.ts';
import { buildReport, type ReportModel } from '../report/model.ts';
import { NO_STRIKE, type RehearsedFailure, type Strike, strikeOf } from './failures.ts';
import { type FileServer, startFileServer } from './file-server.ts';
import { selfCommand, type Sibling, startSibling } from './processes.ts';
import { watchRun } from './watch-run.ts';

/** Form of nodeos that the stand-in takes. */
const VERSION = '1.2.2';
const BLOCKS_PER_SLICE = 1000;
/** Slow enough that progress can be watched: a slice takes about two seconds. */
const BLOCKS_PER_SECOND = 500;
/** A stand-in that hangs is given up after this time; a real nodeos gets far longer. */
const STALL_SECONDS = 3;

export interface RehearsalOptions {
  slices: number;
  workers: number;
  failure: RehearsedFailure | null;
  /** Leave the folder with everything that was made. */
  keep: boolean;
  signal: AbortSignal;
  say: (text: string) => void;
}

/**
 * Rehearses a whole run on this machine: a sample chain served over HTTP, the orchestrator and the
 * workers as processes of this same program, and nodeos played by the stand-in. Everything is ended
 * and removed afterwards, also when it is interrupted. Returns null when it was.
 */
export async function rehearse(options: RehearsalOptions): Promise<ReportModel | null> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-demo-'));
  const stage = new Stage(folder);
  try {
    return await perform(options, stage);
  } finally {
    await stage.clear();
    if (options.keep) options.say(`Kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}

/** What has been started so far, to be ended in reverse. */
class Stage {
  readonly folder: string;
  readonly #siblings: Sibling[] = [];
  readonly #servers: FileServer[] = [];

  constructor(folder: string) {
    this.folder = folder;
  }

  async serveFiles(folder: string): Promise<FileServer> {
    const server = await startFileServer(folder);
    this.#servers.push(server);
    return server;
  }

  start(name: string, args: readonly string[], onLine?: (line: string) => void): Sibling {
    const sibling = startSibling(name, args, onLine);
    this.#siblings.push(sibling);
    return sibling;
  }

  async clear(): Promise<void> {
    // Workers give their jobs back to the orchestrator, so it has to go last.
    for (const sibling of this.#siblings.toReversed()) await sibling.stop();
    for (const server of this.#servers) await server.close();
  }
}

async function perform(options: RehearsalOptions, stage: Stage): Promise<ReportModel | null> {
  const { slices, workers, failure, signal, say } = options;
  const strike = failure === null ? NO_STRIKE : strikeOf(failure, slices, BLOCKS_PER_SLICE);
  const files = await stage.serveFiles(join(stage.folder, 'chain'));
  const chain = await writeSampleChain({
    folder: join(stage.folder, 'chain'),
    slices,
    blocksPerSlice: BLOCKS_PER_SLICE,
    stride: BLOCKS_PER_SLICE,
    version: VERSION,
    baseUrl: `${files.url}/`,
    ...(strike.damagedSnapshot !== null && { damagedSnapshot: strike.damagedSnapshot }),
  });
  say(`Rehearsal with the nodeos stand-in: ${slices} slices, ${workers} workers, in ${stage.folder}`);
  const url = await startOrchestrator(stage, chain.manifestPath, workers);
  say(`Orchestrator: ${url}`);
  const hosts = await startWorkers(stage, url, workers, strike);
  const client = orchestratorClient({ baseUrl: url });
  const over = Promise.race([Promise.all(hosts.map(({ ended }) => ended)), aborted(signal)]);
  await watchRun(client, over);
  if (signal.aborted) return null;
  await complainAboutWorkers(hosts);
  const jobs = await client.status();
  return buildReport(await client.summary(), jobs);
}

async function startOrchestrator(stage: Stage, manifestPath: string, workers: number): Promise<string> {
  let found: (url: string) => void = () => {};
  const listening = new Promise<string>((resolve) => {
    found = resolve;
  });
  const dataDir = join(stage.folder, 'orchestrator');
  // A job that failed on every host waits some minutes, and nobody wants to watch that.
  const retries = workers > 1 ? 'all=1' : 'all=0';
  const serve = stage.start(
    'orchestrator',
    ['serve', '--config', manifestPath, '--port', '0', '--data-dir', dataDir, '--retries', retries],
    (line) => {
      const match = /^Orchestrator: (?<url>\S+)/u.exec(line);
      if (match?.groups?.['url'] !== undefined) found(match.groups['url']);
    },
  );
  const failed = serve.ended.then(() => {
    throw didNotStart(serve);
  });
  return Promise.race([listening, failed]);
}

async function startWorkers(stage: Stage, url: string, count: number, strike: Strike): Promise<Sibling[]> {
  const nodeos = await writeStandInWrapper(join(stage.folder, 'stand-in'), {
    command: [...selfCommand(), 'stand-in-nodeos'],
    version: VERSION,
    blocksPerSecond: BLOCKS_PER_SECOND,
    ...(strike.faults !== null && { faults: strike.faults }),
  });
  return Array.from({ length: count }, (_, index) => {
    const name = `worker-${index + 1}`;
    const where = ['--orchestrator', url, '--data-dir', join(stage.folder, name), '--worker-id', name];
    const limits = [
      '--min-free-disk',
      '0',
      '--progress-interval',
      '1',
      '--stall-timeout',
      String(STALL_SECONDS),
    ];
    return stage.start(name, ['work', ...where, '--nodeos', nodeos, '--exit-when-drained', ...limits]);
  });
}

/** A worker that cannot run at all would leave a report that says only that nothing happened. */
async function complainAboutWorkers(workers: readonly Sibling[]): Promise<void> {
  for (const worker of workers) {
    const { code } = await worker.ended;
    if (code !== 0) throw didNotStart(worker);
  }
}

function didNotStart(sibling: Sibling): UserError {
  return new UserError({
    code: 'DEMO_PROCESS_FAILED',
    message: `The ${sibling.name} of the rehearsal ended too early:\n${sibling.lastWords().trim()}`,
    hint: 'Run the demo again with --keep to look at what it leaves behind.',
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
