import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import { lockHolder } from '../../files/lock.ts';
import { isRunning, type ProcessIdentity } from '../../files/process-identity.ts';

/** What is written down of a worker on this machine. */
export interface SlotNote {
  readonly launchToken: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly run: string | null;
  readonly workerId: string;
  readonly pricePerHour: number | null;
  /** null: it was about to be started. */
  readonly process: ProcessIdentity | null;
}

/**
 * The place of one worker: a folder with a note of it, its log, and its data directory. The worker locks its data
 * directory, and the lock says which process it is: also a worker whose starter was killed before it could
 * write that down is found.
 */
export class Slot {
  readonly number: number;
  readonly folder: string;

  constructor(fleetFolder: string, number: number) {
    this.number = number;
    this.folder = join(fleetFolder, String(number));
  }

  get id(): string {
    return `local#${this.number}`;
  }

  get dataDir(): string {
    return join(this.folder, 'work');
  }

  get log(): string {
    return join(this.folder, 'worker.log');
  }

  get joinTokenFile(): string {
    return join(this.folder, 'join.token');
  }

  /** null: nothing was ever started here, or it was removed. */
  async note(): Promise<SlotNote | null> {
    try {
      return JSON.parse(await readFile(join(this.folder, 'host.json'), 'utf8')) as SlotNote;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  async write(note: SlotNote): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeFileAtomically(join(this.folder, 'host.json'), `${JSON.stringify(note, null, 2)}\n`, {
      mode: 0o600,
    });
  }

  /** The process of the worker, if it runs; never one that merely has its number. */
  async running(): Promise<ProcessIdentity | null> {
    const holder = await lockHolder(this.dataDir);
    if (holder !== null) return holder;
    const started = (await this.note())?.process ?? null;
    return started !== null && (await isRunning(started)) ? started : null;
  }

  /** The last lines that it printed. */
  async lastWords(): Promise<string> {
    const text = await readFile(this.log, 'utf8').catch(() => '');
    return text.slice(-2000).trim().split('\n').slice(-3).join(' / ');
  }

  /** A worker that ended for want of work is not to end the next one. */
  async forgetIdleTime(): Promise<void> {
    await rm(join(this.dataDir, 'idle-since.json'), { force: true });
  }

  /** A finished result that has not reached the orchestrator: the next worker here delivers it. */
  async hasResult(): Promise<boolean> {
    const text = await readFile(join(this.dataDir, 'held-job.json'), 'utf8').catch(() => '{}');
    // As the worker writes it (worker/held-job.ts).
    return /^ {2}"result": \{/m.test(text);
  }

  /** Its state may be large. */
  async clear(): Promise<void> {
    await rm(this.joinTokenFile, { force: true });
    await rm(this.dataDir, { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
