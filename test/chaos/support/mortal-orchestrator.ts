import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../../e2e/support/replay.ts';
import type { Scene } from '../../e2e/support/scene.ts';
import type { Random } from './random.ts';

/** `replay serve` on one port and one data directory, however often it is killed. */
export class MortalOrchestrator {
  readonly port: number;
  readonly url: string;
  kills = 0;
  killedWhileStarting = 0;
  readonly #scene: Scene;
  readonly #manifest: string;
  readonly #random: Random;
  #running: Running | null = null;
  #startMs = 200;

  constructor(scene: Scene, manifest: string, port: number, random: Random) {
    this.#scene = scene;
    this.#manifest = manifest;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#random = random;
  }

  async start(): Promise<void> {
    const began = performance.now();
    const running = this.#spawn();
    this.#running = running;
    await running.waitFor(/Orchestrator: http:\S+/u);
    this.#startMs = performance.now() - began;
  }

  /** Ends it as a person would: what was put off is done. */
  async stop(): Promise<void> {
    this.#running!.kill('SIGTERM');
    const { code, stderr } = await this.#running!.finished;
    if (code !== 0) throw new Error(`replay serve ended with ${code}: ${stderr}`);
  }

  async kill(): Promise<void> {
    const running = this.#running!;
    running.kill('SIGKILL');
    const { signal, stderr } = await running.finished;
    if (signal !== 'SIGKILL') throw new Error(`replay serve ended before it was killed: ${stderr}`);
    this.kills += 1;
  }

  /** Dies while it reads, repairs and rewrites its files. */
  async startAndKill(): Promise<void> {
    this.#running = this.#spawn();
    await sleep(this.#random.next() * this.#startMs);
    await this.kill();
    this.killedWhileStarting += 1;
  }

  #spawn(): Running {
    const where = ['--port', String(this.port), '--data-dir', this.#scene.path('orchestrator')];
    return this.#scene.start(['serve', '--config', this.#manifest, ...where, '--log-level', 'warn']);
  }
}
