import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../files/atomic-file.ts';
import type { ProvidedHost } from './provider.ts';

/** A host that was launched may be missing in the list of its place for so long. */
const UNLISTED_MS = 5 * 60_000;

interface Note {
  readonly fleet: string;
  readonly place: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly hosts: readonly ProvidedHost[];
}

/**
 * Hosts that were launched a moment ago from this state directory, by whatever process: their place may not list
 * them yet, and whoever stops all hosts means them, too. Nothing hangs on it but that: what cannot be
 * written or read is left out.
 */
export class LaunchedHosts {
  readonly #folder: string;
  readonly #now: () => number;
  /** That are known to be ended. */
  readonly #ended = new Set<string>();

  /** @param now milliseconds since 1970 */
  constructor(stateDir: string, now: () => number) {
    this.#folder = join(stateDir, 'launched');
    this.#now = now;
  }

  async add(fleet: string, place: string, hosts: readonly ProvidedHost[]): Promise<void> {
    if (hosts.length === 0) return;
    const note: Note = { fleet, place, at: this.#now(), hosts };
    await this.#write(join(this.#folder, `${randomUUID()}.json`), note);
  }

  /** These are known to be ended. */
  async forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#ended.add(id);
    for (const [path, note] of await this.#notes()) {
      const left = note.hosts.filter(({ id }) => !this.#ended.has(id));
      if (left.length === note.hosts.length) continue;
      if (left.length === 0) await this.#remove(path);
      else await this.#write(path, { ...note, hosts: left });
    }
  }

  /** What the place lists, and what it will. */
  async complete(
    fleet: string,
    place: string,
    listed: readonly ProvidedHost[],
  ): Promise<readonly ProvidedHost[]> {
    const known = new Set([...listed.map(({ id }) => id), ...this.#ended]);
    const missing: ProvidedHost[] = [];
    for (const [path, note] of await this.#notes()) {
      // The clock may have been put back since.
      if (Math.abs(this.#now() - note.at) > UNLISTED_MS) await this.#remove(path);
      else if (note.fleet === fleet && note.place === place) {
        missing.push(...note.hosts.filter(({ id }) => !known.has(id)));
      }
    }
    return [...listed, ...missing];
  }

  async #notes(): Promise<[path: string, note: Note][]> {
    const names = await readdir(this.#folder).catch(() => []);
    const found: [string, Note][] = [];
    for (const name of names.filter((one) => one.endsWith('.json'))) {
      const path = join(this.#folder, name);
      const note = await readFile(path, 'utf8').then(parse, () => null);
      if (note !== null) found.push([path, note]);
    }
    return found;
  }

  async #write(path: string, note: Note): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFileAtomically(path, `${JSON.stringify(note)}\n`, { mode: 0o600 });
    } catch {
      // They are found by their tag as soon as they are listed.
    }
  }

  async #remove(path: string): Promise<void> {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

function parse(text: string): Note | null {
  try {
    const note = JSON.parse(text) as Note;
    const isNote = typeof note.at === 'number' && Array.isArray(note.hosts);
    return isNote && note.hosts.every((host) => typeof host?.id === 'string') ? note : null;
  } catch {
    return null;
  }
}
