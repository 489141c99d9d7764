import { open, stat, truncate } from 'node:fs/promises';
import { headJson } from './head-line.ts';
import type { LineSeal } from './line-seal.ts';

/** How much of a file is known to be on disk. */
export class DurableLength {
  readonly #file: string;
  readonly #seal: LineSeal;
  /** Tells the file from another one of its name. */
  #inode = 0;
  /** Bytes. */
  #length = 0;
  /** Lines after the first one. */
  #lines = 0;

  constructor(file: string, seal: LineSeal) {
    this.#file = file;
    this.#seal = seal;
  }

  get length(): number {
    return this.#length;
  }

  get lines(): number {
    return this.#lines;
  }

  /** The file has just been read, or written as a whole, and has a first line that says `head`. */
  async begin(lines: number, head: number): Promise<void> {
    const { size, ino } = await stat(this.#file);
    [this.#inode, this.#length, this.#lines] = [ino, size, head];
    await this.sync(lines);
  }

  /**
   * Syncs what was written, and says so in the first line. That is not synced itself: a power cut may
   * leave it behind, but it never says too much.
   * @throws Error also when the file is not the one any more that was written to
   */
  async sync(lines: number): Promise<void> {
    const handle = await open(this.#file, 'r+');
    try {
      await handle.datasync();
      const { size, ino } = await handle.stat();
      if (!this.#isOurs({ size, ino })) throw new Error(`${this.#file} was removed or cut short by somebody`);
      if (lines !== this.#lines) await handle.write(this.#seal.seal(headJson(lines)), 0);
      [this.#length, this.#lines] = [size, lines];
    } finally {
      await handle.close();
    }
  }

  /**
   * Takes away what is not known to be on disk.
   * @returns false: the file is not the one any more that was written to
   */
  async cut(): Promise<boolean> {
    const found = await stat(this.#file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (found === null || !this.#isOurs(found)) return false;
    if (found.size > this.#length) await truncate(this.#file, this.#length);
    return true;
  }

  #isOurs({ size, ino }: { size: number; ino: number }): boolean {
    return ino === this.#inode && size >= this.#length;
  }
}
