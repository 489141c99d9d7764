import { open, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../files/atomic-file.ts';
import { watchLines, type Damage } from './line-watch.ts';
import { openNedb, toLine } from './nedb.ts';
import { rewriteFile } from './rewrite-file.ts';

/** A document as NeDB keeps it. */
export interface Document {
  _id: string;
}

/**
 * Documents in one NeDB file. Nothing that was written counts before `sync` has returned; after a
 * failure of either, `repair` must succeed before the next write.
 */
export interface Collection<T extends Document> {
  load(): Promise<{ documents: T[]; damage: Damage | null }>;
  /** Replaces or adds documents. */
  write(documents: readonly T[]): Promise<void>;
  sync(): Promise<void>;
  /** Takes back what was written since the last `sync`: documents as they were (null: there was none). */
  repair(before: ReadonlyMap<string, T | null>): Promise<void>;
  /** Rewrites the file when most of it is outdated. */
  compactIfWorthwhile(): Promise<void>;
}

export interface CollectionOptions {
  file: string;
  /** A file is compacted when it has grown beyond this and to four times what its documents take. Bytes. */
  compactAbove?: number;
}

/** How often each document may stand in a large file, on average. */
const MOST_VERSIONS = 4;

/**
 * NeDB as it comes appends without fsync, changes its memory before the file, cannot read a line with
 * certain Unicode line ends in it, and rewrites its file at every load. This wrapper deals with all four.
 */
export function openCollection<T extends Document>(options: CollectionOptions): Collection<T> {
  const { file, compactAbove = 32 * 1024 * 1024 } = options;
  const watch = watchLines(file);
  let loaded = false;
  /** How often each document stands in the file, on average. */
  let versions = 1;
  const db = openNedb<T>(file, {
    onLine: watch.see,
    rewrite: async (documents) => {
      versions = watch.count() / Math.max(documents.length, 1);
      if (!loaded && !(await needsRewrite())) return;
      await rewriteFile(file, documents, toLine);
      versions = 1;
    },
  });
  /** Length of the file up to which everything is known to be on disk. */
  let durable = 0;
  let compactAt = compactAbove;

  /** A line that a crash has cut short would swallow the next one. */
  const needsRewrite = async (): Promise<boolean> => {
    if (watch.damage() !== null || !(await endsWithLineEnd(file))) return true;
    return versions >= MOST_VERSIONS && (await stat(file)).size >= compactAbove;
  };
  const settleLength = async (): Promise<void> => {
    durable = await syncData(file);
  };

  return {
    async load() {
      await db.loadDatabaseAsync();
      loaded = true;
      await syncFolder(dirname(file));
      await settleLength();
      compactAt = Math.max(compactAbove, (MOST_VERSIONS * durable) / Math.max(versions, 1));
      return { documents: db.getAllData(), damage: watch.damage() };
    },
    async write(documents) {
      for (const document of documents) await put(db, document);
    },
    sync: settleLength,
    async repair(before) {
      // Half a line that a full disk left behind would swallow the next one.
      if ((await stat(file)).size > durable) await truncate(file, durable);
      for (const [id, document] of before) {
        if (document) await put(db, document);
        else await db.removeAsync({ _id: id }, {});
      }
      await settleLength();
    },
    async compactIfWorthwhile() {
      if (durable < compactAt) return;
      // When it fails, on a full disk for instance, it is not tried again at once.
      compactAt = 1.25 * durable;
      try {
        await db.compactDatafileAsync();
      } finally {
        await settleLength();
      }
      compactAt = Math.max(compactAbove, MOST_VERSIONS * durable);
    },
  };
}

async function put<T extends Document>(db: ReturnType<typeof openNedb<T>>, document: T): Promise<void> {
  await db.updateAsync({ _id: document._id }, document, { upsert: true });
}

async function endsWithLineEnd(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size === 0) return true;
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === 0x0a;
  } finally {
    await handle.close();
  }
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
