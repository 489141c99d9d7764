import type { Logger } from '../log/logger.ts';
import type { MonotonicClock } from './clock.ts';
import { Fleet } from './fleet.ts';
import { readFleet, writeFleet } from '../store/fleet-file.ts';
import { NO_FORMER_HOSTS } from '../domain/cost.ts';

/** Between two writes of what has changed. */
export const WRITE_EVERY_MS = 60_000;

/** Until the first write after a start: what the file names is counted from there. */
export const FIRST_WRITE_MS = 5000;

interface Parts {
  runFolder: string;
  clock: MonotonicClock;
  now: () => Date;
  logger: Logger;
}

/**
 * The hosts of a run, kept on disk: at most once a minute while something changes, and at the end. When the
 * process dies, the time of a host that comes back goes on where the file left it; what is lost is that of
 * others since the last write.
 */
export class FleetKeeper {
  readonly hosts: Fleet;
  readonly #parts: Parts;
  #callOff: (() => void) | null = null;
  #writing: Promise<void> = Promise.resolve();
  #pauseMs = FIRST_WRITE_MS;
  #closed = false;
  #failed = false;

  private constructor(parts: Parts, kept: ConstructorParameters<typeof Fleet>[0]['kept']) {
    this.#parts = parts;
    const { clock, now } = parts;
    this.hosts = new Fleet({ clock, now, kept, onChange: () => this.#changed() });
  }

  /** A file that cannot be read costs no run: the cost is counted from here on, and that is said. */
  static async open(parts: Parts): Promise<FleetKeeper> {
    try {
      return new FleetKeeper(parts, await readFleet(parts.runFolder));
    } catch (error) {
      parts.logger.warn(
        { file: 'fleet.json', err: error },
        'what hosts have cost so far is not known any more',
      );
      return new FleetKeeper(parts, { former: NO_FORMER_HOSTS, hosts: [] });
    }
  }

  /** Writes what has changed. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#callOff !== null) this.#write();
    await this.#writing;
  }

  #changed(): void {
    if (this.#closed) return;
    this.#callOff ??= this.#parts.clock.after(this.#pauseMs, () => this.#write());
  }

  #write(): void {
    this.#callOff?.();
    this.#callOff = null;
    this.#pauseMs = WRITE_EVERY_MS;
    const { runFolder, logger } = this.#parts;
    const write = async (): Promise<void> => {
      try {
        await writeFleet(runFolder, this.hosts.kept());
        this.#failed = false;
      } catch (error) {
        // Said once, and tried again with the next change.
        if (!this.#failed) logger.warn({ err: error }, 'what hosts have cost cannot be stored for now');
        this.#failed = true;
      }
    };
    this.#writing = this.#writing.then(write);
  }
}
