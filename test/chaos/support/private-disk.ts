import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Scene } from '../../e2e/support/scene.ts';

const IS_ROOT = process.getuid?.() === 0;
const BALLAST = 'ballast';
const SCRIPT =
  'mount -t tmpfs -o "$1" none "$2" && cd "$2" && eval "$3" && cd / && echo mounted && exec sleep 600';

export interface DiskOptions {
  /** The same path inside as outside, where the folder is empty. */
  folder: string;
  /** Of tmpfs(5), such as `size=8m`. */
  options: string;
  /** Shell commands that are run in the folder first. */
  prepare?: string;
}

/**
 * A small disk (tmpfs) that only the programs started on it can see: it is mounted in a mount namespace of
 * its own, and goes with it.
 */
export class PrivateDisk {
  readonly folder: string;
  readonly #holder: ChildProcess;

  private constructor(folder: string, holder: ChildProcess) {
    this.folder = folder;
    this.#holder = holder;
  }

  /** @throws Error that says what is needed, where mount namespaces are not permitted */
  static async create(scene: Scene, { folder, options, prepare = ':' }: DiskOptions): Promise<PrivateDisk> {
    mkdirSync(folder, { recursive: true });
    const command = [IS_ROOT ? '-m' : '-rm', 'sh', '-c', SCRIPT, 'sh', options, folder, prepare];
    const holder = spawn('unshare', command, { stdio: ['ignore', 'pipe', 'pipe'] });
    scene.onEnd(async () => {
      holder.kill('SIGKILL');
    });
    let said = '';
    for (const stream of [holder.stdout, holder.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    }
    await Promise.race([once(holder.stdout, 'data'), once(holder, 'error'), once(holder, 'close')]);
    if (!said.includes('mounted')) {
      throw new Error(
        `This test mounts a small disk in a mount namespace of its own, and may not here: ${said.trim()}. ` +
          'It needs "unshare" (util-linux) and the right to use it: root, or user namespaces for everybody.',
      );
    }
    return new PrivateDisk(folder, holder);
  }

  /** Words before a command that run it where it sees the disk. */
  get under(): readonly string[] {
    const enter = IS_ROOT ? ['-m'] : ['-U', '-m', '--preserve-credentials'];
    return ['nsenter', '-t', String(this.#holder.pid), ...enter];
  }

  /** Writes until nothing more fits. */
  fill(): void {
    const file = openSync(this.#seenFromHere(BALLAST), 'w');
    try {
      for (const size of [65_536, 4096, 1]) writeUntilFull(file, size);
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.#seenFromHere(BALLAST));
  }

  #seenFromHere(name: string): string {
    return join(`/proc/${this.#holder.pid}/root`, this.folder, name);
  }
}

function writeUntilFull(file: number, size: number): void {
  const block = Buffer.alloc(size);
  try {
    while (writeSync(file, block) === size);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
