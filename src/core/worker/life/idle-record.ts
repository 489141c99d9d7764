import { readFile, rm } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import { readBootId } from '../../files/process-identity.ts';

/** The time since the machine's boot, which nobody can set, as its clock can be just after the boot. */
export interface Uptime {
  bootId: string | null;
  /** Seconds. */
  seconds: number;
}

export async function systemUptime(): Promise<Uptime> {
  return { bootId: await readBootId(), seconds: uptime() };
}

/**
 * Since when a host has had no work, kept over the starts of its worker: one that cannot even start, or that
 * gives up on an orchestrator that is gone and is started again, would else be new each time.
 */
export class IdleRecord {
  readonly #path: string;
  readonly #look: () => Promise<Uptime>;

  constructor(dataDir: string, look: () => Promise<Uptime> = systemUptime) {
    this.#path = join(dataDir, 'idle-since.json');
    this.#look = look;
  }

  /** For how long the host was idle before now, in milliseconds; begins a new record when there is none of this boot. */
  async elapsedMs(): Promise<number> {
    const { bootId, seconds } = await this.#look();
    const kept = await readFile(this.#path, 'utf8').then(parse, () => null);
    if (kept !== null && kept.bootId === bootId && kept.seconds <= seconds) {
      return (seconds - kept.seconds) * 1000;
    }
    await writeFileAtomically(this.#path, `${JSON.stringify({ bootId, seconds })}\n`);
    return 0;
  }

  async clear(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

function parse(text: string): Uptime | null {
  try {
    const { bootId, seconds } = JSON.parse(text) as Uptime;
    return typeof seconds === 'number' ? { bootId, seconds } : null;
  } catch {
    return null;
  }
}
