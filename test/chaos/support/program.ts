import { type ChildProcess, spawn } from 'node:child_process';
import type { Scene } from '../../e2e/support/scene.ts';

/** How a program ended, and all that it printed. */
export interface ProgramEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  output: string;
}

/** A program that is started through another one: in a namespace, under Node. It ends with the scene. */
export class Program {
  readonly finished: Promise<ProgramEnd>;
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();
  #output = '';
  #ended = false;

  constructor(scene: Scene, [command, ...args]: readonly string[], env: Record<string, string> = {}) {
    const child = spawn(command!, args, {
      cwd: scene.folder,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/nonexistent', LANG: 'C.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#look();
      });
    }
    this.finished = new Promise((done, fail) => {
      child.once('error', fail);
      child.once('close', (code, signal) => {
        this.#ended = true;
        this.#look();
        done({ code, signal, output: this.#output });
      });
    });
    scene.onEnd(() => this.#end());
  }

  get output(): string {
    return this.#output;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** True once the pattern is in the output, false when the program ends without it. */
  prints(pattern: RegExp): Promise<boolean> {
    return new Promise((done) => {
      const look = (): void => {
        const found = pattern.test(this.#output);
        if (!found && !this.#ended) return;
        this.#watchers.delete(look);
        done(found);
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** @throws Error with the output when the program ends without the pattern in it */
  async mustPrint(pattern: RegExp): Promise<void> {
    if (!(await this.prints(pattern))) throw new Error(`It ended without ${pattern}:\n${this.#output}`);
  }

  #look(): void {
    for (const watcher of this.#watchers) watcher();
  }

  async #end(): Promise<void> {
    if (!this.#ended) this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3000);
    await this.finished;
    clearTimeout(timer);
  }
}
