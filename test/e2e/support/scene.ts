import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { type StandInWrapper, writeStandInWrapper } from '../../../src/nodeos/stand-in/wrapper.ts';
import { processesNaming } from './processes.ts';
import { type Finished, REPLAY, type Running, type RunOptions, startReplay } from './replay.ts';
import { until } from './until.ts';

/** Hashes that a real nodeos computed on the chains in test/fixtures; the stand-in repeats them. */
export const RECORDED_HASHES = resolve(import.meta.dirname, '../../fixtures/nodeos/recorded-hashes.json');

/** A failure ends its job, so that it can be looked at, unless the test says otherwise. */
const FAIL_AT_ONCE = ['all=0', 'interrupted=10', 'host-lost=10'].flatMap((budget) => ['--retries', budget]);

/** How long a program may take to stop when it is asked to at the end of a test. */
const STOP_MS = 5000;

/**
 * One test's own folder and processes. Whatever it started is ended and whatever it wrote is removed
 * when the test is over, also when it failed. A process that is left behind fails the test.
 */
export class Scene {
  readonly folder: string;
  readonly #running: Running[] = [];
  readonly #cleanups: (() => Promise<unknown>)[] = [];
  #standIns = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** To be called in a test, which then ends the scene. */
  static async create(): Promise<Scene> {
    const scene = new Scene(await mkdtemp(join(tmpdir(), 'replay-e2e-')));
    onTestFinished(() => scene.#end());
    return scene;
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Writes a file, and the folders above it; returns its path. A relative path is one in the scene's folder. */
  async write(path: string, content: string | Uint8Array): Promise<string> {
    const file = resolve(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  }

  /** Something else that has to be closed at the end: a server of the test. */
  onEnd(cleanup: () => Promise<unknown>): void {
    this.#cleanups.push(cleanup);
  }

  start(args: readonly string[], options: RunOptions = {}): Running {
    const running = startReplay(args, { cwd: this.folder, ...options });
    this.#running.push(running);
    return running;
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    return this.start(args, options).finished;
  }

  /** Writes a `nodeos` that is the stand-in, and returns its path. It knows the recorded hashes. */
  standIn(settings: Omit<StandInWrapper, 'command'>): Promise<string> {
    this.#standIns += 1;
    return writeStandInWrapper(this.path(`stand-in-${this.#standIns}`), {
      command: [REPLAY, 'stand-in-nodeos'],
      hashes: RECORDED_HASHES,
      ...settings,
    });
  }

  /** Starts `replay serve` and waits until it listens: on a free port, unless one is named. */
  async serve(
    manifest: string,
    args: readonly string[] = [],
    options: RunOptions & { port?: number } = {},
  ): Promise<Orchestrator> {
    const { port = 0, ...rest } = options;
    const base = ['serve', '--config', manifest, '--port', String(port), ...FAIL_AT_ONCE];
    const running = this.start([...base, '--data-dir', this.path('orchestrator'), ...args], rest);
    const match = await running.waitFor(/Orchestrator: (?<url>http:\S+)/u);
    const url = match.groups!['url']!;
    return { running, url, port: Number(new URL(url).port) };
  }

  /** A worker that needs no large disk and, unless it is to stay, ends when nothing is left to do. */
  work(
    name: string,
    url: string,
    args: readonly string[] = [],
    options: RunOptions & { stay?: boolean } = {},
  ): Running {
    const { stay = false, ...rest } = options;
    const base = ['work', '--orchestrator', url, '--data-dir', this.path(name), '--worker-id', name];
    const small = ['--min-free-disk', '0', '--progress-interval', '1'];
    return this.start([...base, ...small, ...(stay ? [] : ['--exit-when-drained']), ...args], rest);
  }

  async #end(): Promise<void> {
    const problems: string[] = [];
    // Workers give their jobs back to the orchestrator, which was started before them.
    for (const running of this.#running.toReversed()) {
      if (running.ended) continue;
      running.kill('SIGTERM');
      const timer = setTimeout(() => {
        problems.push(`${running.what} did not stop within ${STOP_MS / 1000} s`);
        running.kill('SIGKILL');
      }, STOP_MS);
      await running.finished;
      clearTimeout(timer);
    }
    for (const cleanup of this.#cleanups) await cleanup();
    problems.push(...(await this.#leftBehind()));
    await rm(this.folder, { recursive: true, force: true });
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }

  /** Ends and names what still runs in the scene's folder. The kernel may need a moment after a SIGKILL. */
  async #leftBehind(): Promise<string[]> {
    const gone = (): boolean => processesNaming(this.folder).length === 0;
    if (await until('the end of all processes', gone, 1000).catch(() => false)) return [];
    return processesNaming(this.folder).map(({ pid, command }) => {
      process.kill(pid, 'SIGKILL');
      return `left behind: ${command}`;
    });
  }
}

export interface Orchestrator {
  running: Running;
  url: string;
  port: number;
}
