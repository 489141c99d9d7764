import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../files/atomic-file.ts';
import type { Logger } from '../log/logger.ts';
import { CLEARED_FILE, parseCleared } from '../store/cleared-file.ts';
import { StoreUnavailable } from '../store/group-commit.ts';

/** `hosts.json` of a run: up to which claim of the run a worker's failures were cleared. */
export class ClearedHosts {
  readonly #path: string;
  #claims: ReadonlyMap<string, number>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, claims: ReadonlyMap<string, number>) {
    this.#path = path;
    this.#claims = claims;
  }

  /** A file that cannot be read is the same as none: at worst a host is set aside once more. */
  static async open(runFolder: string, logger: Logger): Promise<ClearedHosts> {
    const path = join(runFolder, CLEARED_FILE);
    const text = await readFile(path, 'utf8').catch(() => null);
    const claims = text === null ? new Map<string, number>() : parseCleared(text);
    if (claims === null)
      logger.warn({ file: CLEARED_FILE }, 'hosts that were cleared are not known any more');
    return new ClearedHosts(path, claims ?? new Map());
  }

  claims(): ReadonlyMap<string, number> {
    return this.#claims;
  }

  /** @throws StoreUnavailable when it cannot be written; then nothing has changed */
  async add(workerId: string, claim: number): Promise<void> {
    const written = this.#writing.then(() => this.#write(workerId, claim));
    this.#writing = written.catch(() => undefined);
    await written;
  }

  async #write(workerId: string, claim: number): Promise<void> {
    const claims = new Map(this.#claims).set(workerId, claim);
    try {
      await writeFileAtomically(this.#path, `${JSON.stringify({ cleared: Object.fromEntries(claims) })}\n`);
    } catch (error) {
      throw new StoreUnavailable('The change could not be stored, and nothing was changed', { cause: error });
    }
    this.#claims = claims;
  }
}
