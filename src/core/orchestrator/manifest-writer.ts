import { readFile, realpath, stat } from 'node:fs/promises';
import { writeHashes, type HashUpdate } from '../domain/manifest/write-back.ts';
import type { Slice } from '../domain/slice.ts';
import type { Logger } from '../log/logger.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';

export interface LearnedHash {
  slice: Slice;
  hash: string;
}

/** Writing takes at most a twentieth of the time, however large the manifest is. */
const PAUSE_FACTOR = 20;
/** Below this a write is not worth a pause. Milliseconds. */
const SHORT_WRITE_MS = 50;
const MAX_PAUSE_MS = 60_000;
/** How long an answer waits for its hash to arrive in the file: it is safe in the store already. */
const ANSWER_WAIT_MS = 500;

/**
 * Writes learned hashes back into the manifest file, so that the next run starts with them. The store
 * has them anyway: whatever goes wrong here is a warning, and is made up for at the next start.
 * At most one write is under way; what comes in the meantime is written together.
 */
export class ManifestWriter {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #waiting = new Map<string, HashUpdate>();
  /** The file as it was last seen, to notice that somebody else has changed it; null: not seen yet. */
  #seen: string | null;
  #running: Promise<void> | null = null;
  #endPause: (() => void) | null = null;
  #closing = false;

  constructor(path: string, text: string | null, logger: Logger) {
    this.#path = path;
    this.#seen = text;
    this.#logger = logger;
  }

  /** Has the hashes written, and returns when they are, or a little later at most. Never throws. */
  async record(learned: readonly LearnedHash[]): Promise<void> {
    if (learned.length === 0) return;
    for (const { slice, hash } of learned) {
      const { sliceId, startBlock, endBlock, versionField, version } = slice;
      this.#waiting.set(String(sliceId), { sliceId, startBlock, endBlock, versionField, version, hash });
    }
    this.#running ??= this.#run();
    if (!this.#endPause) await atMost(this.#running, ANSWER_WAIT_MS);
  }

  /** Writes what is still waiting. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#endPause?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    // Hashes that arrive in the same turn of the event loop go into one write.
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const updates = [...this.#waiting.values()];
      this.#waiting.clear();
      const began = performance.now();
      await this.#write(updates);
      await this.#pause(performance.now() - began);
    }
    this.#running = null;
  }

  async #write(updates: HashUpdate[]): Promise<void> {
    try {
      const path = await realpath(this.#path);
      const { mode, uid, gid } = await stat(path);
      if ((mode & 0o222) === 0) throw new Error('the file is read-only');
      const text = await readUtf8(path);
      if (this.#seen !== null && text !== this.#seen) {
        this.#logger.warn(
          {},
          'the manifest file was changed by somebody else; the hashes are added to it as it is',
        );
      }
      const updated = writeHashes(text, updates);
      if (updated !== text)
        await writeFileAtomically(path, updated, { mode: mode & 0o7777, owner: { uid, gid } });
      this.#seen = updated;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn(
        { reason, hashes: updates.length },
        'hashes were not written back to the manifest; they are kept in the data directory',
      );
    }
  }

  async #pause(writeMs: number): Promise<void> {
    if (writeMs < SHORT_WRITE_MS || this.#closing) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(writeMs * PAUSE_FACTOR, MAX_PAUSE_MS));
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endPause = null;
  }
}

/** Bytes that are no UTF-8 would not survive being written back. */
async function readUtf8(path: string): Promise<string> {
  const bytes = await readFile(path);
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) throw new Error('the file is not UTF-8');
  return text;
}

async function atMost(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
