import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { isRunning, ownIdentity, type ProcessIdentity } from '../files/process-identity.ts';

/** A turn to launch hosts that a process on this machine has asked for. */
export interface NotedTurn {
  readonly fleet: string;
  /** URL of the orchestrator that gives it. */
  readonly orchestrator: string;
  /** As it was asked for: whoever knows it can give the turn back. */
  readonly token: string;
}

interface Note extends NotedTurn {
  readonly by: ProcessIdentity;
}

/**
 * The turns of the processes that share a state directory. What is left of one that was killed says which turn it
 * can give back no more; without it the next launch would wait until that runs out. Nothing else hangs on
 * it: what cannot be written or read is left out.
 */
export class TurnNotes {
  readonly #folder: string;

  constructor(stateDir: string) {
    this.#folder = join(stateDir, 'turns');
  }

  async begin(turn: NotedTurn): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const note: Note = { ...turn, by: await ownIdentity() };
      await writeFileAtomically(this.#path(turn.token), `${JSON.stringify(note)}\n`, { mode: 0o600 });
    } catch {
      // Then others wait, if this process is killed.
    }
  }

  /** It was given back. @param token consists of A-Z, a-z, 0-9, _ and - */
  async end(token: string): Promise<void> {
    await rm(this.#path(token), { force: true }).catch(() => undefined);
  }

  /** Turns of processes that run no more. */
  async abandoned(): Promise<NotedTurn[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const found: NotedTurn[] = [];
    for (const name of names.filter((one) => one.endsWith('.json'))) {
      const note = await readFile(join(this.#folder, name), 'utf8').then(parse, () => null);
      if (note !== null && this.#path(note.token).endsWith(`/${name}`) && !(await isRunning(note.by))) {
        found.push(note);
      }
    }
    return found;
  }

  #path(token: string): string {
    return join(this.#folder, `${token}.json`);
  }
}

function parse(text: string): Note | null {
  try {
    const { fleet, orchestrator, token, by } = JSON.parse(text) as Partial<Note>;
    const isNote = [fleet, orchestrator, token].every((part) => typeof part === 'string');
    return isNote && typeof by?.pid === 'number' ? ({ fleet, orchestrator, token, by } as Note) : null;
  } catch {
    return null;
  }
}
