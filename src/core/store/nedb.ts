import Datastore from 'nedb-promises';
import type { Document } from './collection.ts';

/** NeDB itself, without the wrapper that copies documents and raises events. */
export interface Nedb<T extends Document> {
  loadDatabaseAsync(): Promise<void>;
  /** All documents, not copied: they may be shared, because neither side ever changes one in place. */
  getAllData(): T[];
  updateAsync(query: { _id: string }, document: T, options: { upsert: true }): Promise<unknown>;
  removeAsync(query: { _id: string }, options: object): Promise<unknown>;
  compactDatafileAsync(): Promise<void>;
}

export interface NedbHooks<T extends Document> {
  /** Sees every line before it is read. */
  onLine(line: string): void;
  /**
   * Takes the place of NeDB's own rewriting of the file: at every load, and at every compaction. NeDB
   * writes line by line into a stream, which under Bun takes 5 s for 100,000 documents.
   */
  rewrite(documents: readonly T[]): Promise<void>;
}

export function openNedb<T extends Document>(file: string, hooks: NedbHooks<T>): Nedb<T> {
  const { __original: db } = Datastore.create({
    filename: file,
    // A torn last line may be a large part of a small file. It is counted and reported instead.
    corruptAlertThreshold: 1,
    afterSerialization: escapeLineEnds,
    beforeDeserialization: (line) => {
      hooks.onLine(line);
      return line;
    },
  }) as unknown as { __original: Nedb<T> & { persistence: { persistCachedDatabaseAsync(): Promise<void> } } };
  db.persistence.persistCachedDatabaseAsync = () => hooks.rewrite(db.getAllData());
  return db;
}

/** A document as NeDB writes it. Ours hold no dates and no keys with a `$` or a dot, which it would treat specially. */
export function toLine(document: Document): string {
  return escapeLineEnds(JSON.stringify(document));
}

/** NeDB splits its file at these characters too, and JSON leaves them as they are. */
function escapeLineEnds(line: string): string {
  return line.replace(
    /[\u0085\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
