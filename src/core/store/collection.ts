import { copyFileSync } from 'node:fs';
import { open, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import Datastore from 'nedb-promises';
import { syncFolder } from '../files/atomic-file.ts';

/** A document as NeDB keeps it. */
export interface Document {
  _id: string;
}

/** What could not be read when a file was loaded. */
export interface Damage {
  /** Lines that were dropped; more than one, or one that is not the last, means more than a torn write. */
  lines: number;
  /** Whether only the last line was dropped, as it is after a crash in the middle of a write. */
  onlyLast: boolean;
  /** Copy of the file as it was found. */
  copy: string;
}

/**
 * Documents in one NeDB file. Nothing that was written counts before `sync` has returned; after a
 * failure of either, `repair` must succeed before the next write.
 */
export interface Collection<T extends Document> {
  load(): Promise<{ documents: T[]; damage: Damage | null }>;
  /** Replaces or adds documents. */
  write(documents: readonly T[]): Promise<void>;
  /** Adds many documents that are all new, in one write. */
  insert(documents: readonly T[]): Promise<void>;
  sync(): Promise<void>;
  /** Takes back what was written since the last `sync`: documents as they were (null: there was none). */
  repair(before: ReadonlyMap<string, T | null>): Promise<void>;
  /** Rewrites the file when most of it is outdated. */
  compactIfWorthwhile(): Promise<void>;
}

export interface CollectionOptions {
  file: string;
  /** A file is compacted when it has grown beyond this and to four times its size after the last compaction. Bytes. */
  compactAbove?: number;
}

/**
 * NeDB as it comes appends without fsync, changes its memory before the file, and cannot read a line
 * with certain Unicode line ends in it. This wrapper deals with all three.
 */
export function openCollection<T extends Document>(options: CollectionOptions): Collection<T> {
  const { file, compactAbove = 32 * 1024 * 1024 } = options;
  const reader = damageReader(file);
  const db = Datastore.create({
    filename: file,
    // A torn last line may be a large part of a small file. It is counted and reported instead.
    corruptAlertThreshold: 1,
    afterSerialization: escapeLineEnds,
    beforeDeserialization: (line) => reader.check(line),
  });
  /** Length of the file up to which everything is known to be on disk. */
  let durable = 0;
  let compactAt = compactAbove;

  const settleLength = async (): Promise<void> => {
    durable = await syncData(file);
  };

  return {
    async load() {
      await db.load();
      await syncFolder(dirname(file));
      await settleLength();
      compactAt = Math.max(compactAbove, 4 * durable);
      return { documents: originalOf(db).getAllData() as T[], damage: reader.damage() };
    },
    async write(documents) {
      for (const document of documents) await db.update({ _id: document._id }, document, { upsert: true });
    },
    async insert(documents) {
      if (documents.length > 0) await db.insertMany(documents as T[]);
    },
    sync: settleLength,
    async repair(before) {
      // Half a line that a full disk left behind would swallow the next one.
      if ((await stat(file)).size > durable) await truncate(file, durable);
      for (const [id, document] of before) {
        if (document) await db.update({ _id: id }, document, { upsert: true });
        else await db.remove({ _id: id }, {});
      }
      await settleLength();
    },
    async compactIfWorthwhile() {
      if (durable < compactAt) return;
      // When it fails, on a full disk for instance, it is not tried again at once.
      compactAt = 1.25 * durable;
      try {
        await originalOf(db).compactDatafileAsync();
      } finally {
        await settleLength();
      }
      compactAt = Math.max(compactAbove, 4 * durable);
    },
  };
}

/** @returns the length of the file */
async function syncData(file: string): Promise<number> {
  const handle = await open(file, 'r+');
  try {
    await handle.datasync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

/** NeDB splits its file at these characters too, and JSON leaves them as they are. */
function escapeLineEnds(line: string): string {
  return line.replace(
    /[\u0085\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Notices lines that cannot be read while NeDB loads, and saves the file before NeDB rewrites it without them. */
function damageReader(file: string): { check(line: string): string; damage(): Damage | null } {
  const copy = `${file}.damaged-${Date.now()}`;
  let count = 0;
  let lines = 0;
  let lastBad = 0;
  return {
    check(line) {
      count += 1;
      if (line === '' || isJson(line)) return line;
      if (lines === 0) copyFileSync(file, copy);
      lines += 1;
      lastBad = count;
      return line;
    },
    damage: () => (lines === 0 ? null : { lines, onlyLast: lines === 1 && lastBad === count, copy }),
  };
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

interface OriginalDatastore {
  compactDatafileAsync(): Promise<void>;
  getAllData(): Document[];
}

/**
 * NeDB itself, for what its wrapper does not pass on: compaction as a promise, and all documents
 * without a copy of each. They may be shared, because neither side ever changes one in place.
 */
function originalOf(db: object): OriginalDatastore {
  return (db as { __original: OriginalDatastore }).__original;
}
