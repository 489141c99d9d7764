import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { NodeOptions } from './command-line.ts';

/** A block as far as the stand-in knows it. */
export interface HeadBlock {
  readonly block: number;
  readonly id: string;
  /** `2026-11-22T08:30:41.500` */
  readonly time: string;
  readonly producer: string;
}

/** All that the stand-in remembers between two starts. */
export interface ChainState {
  readonly product: 'leap' | 'spring';
  readonly chainId: string;
  readonly head: HeadBlock;
  /** Block that this data directory was started from: a snapshot's head, or 1. */
  readonly startBlock: number;
  /** What spoiled the state (see state-hash.ts), or null. */
  readonly taint: string | null;
}

/** What the fork database holds: the last irreversible block, and how far it reaches beyond the head. */
export interface ForkDatabase {
  readonly root: HeadBlock;
  readonly head: HeadBlock;
}

const LABEL = 'replay stand-in for nodeos: this is no chain state\n';

/** `state/shared_memory.bin` and `blocks/reversible/fork_db.dat` of one data directory. */
export class StateFolder {
  readonly folder: string;
  readonly #memory: string;
  readonly #forkDatabase: string;

  constructor(options: NodeOptions, blocks: string) {
    this.folder = resolve(options.dataDir, options.value('state-dir') ?? 'state');
    this.#memory = join(this.folder, 'shared_memory.bin');
    this.#forkDatabase = join(blocks, 'reversible', 'fork_db.dat');
  }

  get exists(): boolean {
    return existsSync(this.#memory);
  }

  /** What the file says: whether it was left dirty, and the state (null when none was made yet). */
  read(): { dirty: boolean; state: ChainState | null } {
    const text = readFileSync(this.#memory, 'utf8');
    const [flag = '', json = 'null'] = text.slice(LABEL.length).split('\n');
    return {
      dirty: !text.startsWith(LABEL) || flag !== 'clean',
      state: JSON.parse(json) as ChainState | null,
    };
  }

  write(state: ChainState | null, flag: 'dirty' | 'clean'): void {
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(this.#memory, `${LABEL}${flag}\n${JSON.stringify(state)}\n`);
  }

  get forkDatabasePath(): string {
    return this.#forkDatabase;
  }

  /** Takes the fork database out of its file: nodeos deletes it once it has read it. */
  takeForkDatabase(): ForkDatabase | null {
    if (!existsSync(this.#forkDatabase)) return null;
    const database = JSON.parse(readFileSync(this.#forkDatabase, 'utf8')) as ForkDatabase;
    rmSync(this.#forkDatabase);
    return database;
  }

  get hasForkDatabase(): boolean {
    return existsSync(this.#forkDatabase);
  }

  writeForkDatabase(database: ForkDatabase): void {
    mkdirSync(join(this.#forkDatabase, '..'), { recursive: true });
    writeFileSync(this.#forkDatabase, `${JSON.stringify(database)}\n`);
  }
}
