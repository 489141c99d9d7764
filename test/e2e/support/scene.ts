import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import type { SummaryRecord } from '../../../src/core/protocol/summary-record.ts';
import { type Finished, replay, type Running, type RunOptions, startReplay } from './replay.ts';

/**
 * One test's own folder and processes. Whatever it started is ended and whatever it wrote is removed
 * when the test is over, also when it failed.
 */
export class Scene {
  readonly folder: string;
  readonly #running: Running[] = [];
  readonly #cleanups: (() => Promise<unknown>)[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Scene> {
    return new Scene(await mkdtemp(join(tmpdir(), 'replay-e2e-')));
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
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

  /** Starts `replay serve` and waits until it listens. */
  async serve(
    manifest: string,
    args: readonly string[] = [],
    options: RunOptions = {},
  ): Promise<Orchestrator> {
    const running = this.start(
      ['serve', '--config', manifest, '--port', '0', '--data-dir', this.path('orchestrator'), ...args],
      options,
    );
    const match = await running.waitFor(/Orchestrator: (?<url>http:\S+)/u);
    return { running, url: match.groups!['url']! };
  }

  /** A worker that needs no large disk and ends when nothing is left to do. */
  work(name: string, url: string, args: readonly string[] = [], options: RunOptions = {}): Running {
    const base = ['work', '--orchestrator', url, '--data-dir', this.path(name), '--worker-id', name];
    return this.start(
      [...base, '--min-free-disk', '0', '--progress-interval', '1', '--exit-when-drained', ...args],
      options,
    );
  }

  async end(): Promise<void> {
    for (const { child } of this.#running) if (child.exitCode === null) child.kill('SIGKILL');
    await Promise.all(this.#running.map(({ finished }) => finished));
    for (const cleanup of this.#cleanups) await cleanup();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export interface Orchestrator {
  running: Running;
  url: string;
}

export interface StatusJson {
  summary: SummaryRecord;
  jobs: FullJobRecord[];
}

/** What `replay status --json` says. */
export async function statusOf(url: string): Promise<StatusJson> {
  const { stdout, stderr, code } = await replay(['status', '--orchestrator', url, '--json']);
  if (code !== 0) throw new Error(`replay status ended with ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as StatusJson;
}
