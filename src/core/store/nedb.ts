import { appendFile } from 'node:fs/promises';
import Datastore from 'nedb-promises';
import type { Document } from './collection.ts';
import type { ReadLines } from './read-lines.ts';
import { toJson } from './to-json.ts';

/** NeDB itself, without the wrapper that copies documents and raises events. */
export interface Nedb<T extends Document> {
  /** Reads the file, and never rewrites it. Once. */
  load(): Promise<ReadLines<T>>;
  /** All documents, not copied: they may be shared, because neither side ever changes one in place. */
  getAllData(): T[];
  updateAsync(query: { _id: string }, document: T, options: { upsert: true }): Promise<unknown>;
  removeAsync(query: { _id: string }, options: object): Promise<unknown>;
  compactDatafileAsync(): Promise<void>;
  /** Appends to the file what was changed since the last time, in one piece. What fails is not kept. */
  flush(): Promise<void>;
  /** Forgets what was not appended yet. */
  discard(): void;
}

export interface NedbHooks<T extends Document> {
  /** Takes the place of NeDB's own reading, which leaves a disk's errors uncaught and believes every line. */
  read(chunks: AsyncIterable<string>): Promise<ReadLines<T>>;
  /** A document, or a removal, as it is to stand on its line. */
  seal: (json: string) => string;
  /**
   * Takes the place of NeDB's own rewriting of the file at a compaction. NeDB writes line by line into a
   * stream, which under Bun takes 5 s for 100,000 documents, and does so at every load, too.
   */
  rewrite(documents: readonly T[]): Promise<void>;
}

/** Of NeDB's insides, what is not declared, and put in the place of what. */
interface Insides<T> extends Omit<Nedb<T & Document>, 'load' | 'flush' | 'discard'> {
  loadDatabaseAsync(): Promise<void>;
  persistence: {
    treatRawStreamAsync(stream: AsyncIterable<string>): Promise<{ data: T[]; indexes: object }>;
    persistCachedDatabaseAsync(): Promise<void>;
    persistNewStateAsync(changed: object[]): Promise<void>;
  };
}

export function openNedb<T extends Document>(file: string, hooks: NedbHooks<T>): Nedb<T> {
  const { __original: db } = Datastore.create({ filename: file }) as unknown as { __original: Insides<T> };
  let read: ReadLines<T> | null = null;
  db.persistence.treatRawStreamAsync = async (stream) => {
    read = await hooks.read(stream);
    return { data: [...read.documents.values()], indexes: {} };
  };
  db.persistence.persistCachedDatabaseAsync = () => Promise.resolve();
  // NeDB opens the file, appends and closes it for every document.
  const lines: string[] = [];
  db.persistence.persistNewStateAsync = async (changed) => {
    for (const document of changed) lines.push(`${hooks.seal(toJson(document))}\n`);
  };
  return Object.assign(db, {
    async load(): Promise<ReadLines<T>> {
      await db.loadDatabaseAsync();
      if (read === null) throw new Error(`${file} was not read`);
      db.persistence.persistCachedDatabaseAsync = () => hooks.rewrite(db.getAllData());
      const result = read;
      read = null;
      return result;
    },
    flush: () => appendFile(file, lines.splice(0).join('')),
    discard: () => void lines.splice(0),
  });
}
