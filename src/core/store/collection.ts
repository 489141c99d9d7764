import { copyFile, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../files/atomic-file.ts';
import { assessDamage, type Damage } from './damage.ts';
import { DurableLength } from './durable-length.ts';
import { lineSeal } from './line-seal.ts';
import { openNedb, type Nedb } from './nedb.ts';
import { readLines } from './read-lines.ts';
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
  /** A file that is not there counts as damage: see `beginCollection`. */
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

/** Makes the file of a collection in which nothing is yet. */
export async function beginCollection(file: string): Promise<void> {
  await rewriteFile(file, [], lineSeal(file));
}

/**
 * NeDB as it comes appends without fsync, changes its memory before the file, believes every line that is
 * JSON, does not notice lines that are gone, and rewrites its file at every load. This wrapper deals with
 * all five.
 */
export function openCollection<T extends Document>(options: CollectionOptions): Collection<T> {
  const { file, compactAbove = 32 * 1024 * 1024 } = options;
  const seal = lineSeal(file);
  const durable = new DurableLength(file, seal);
  /** Lines of the file after the first one, with those that are not synced yet. */
  let lines = 0;
  let compactAt = compactAbove;

  const rewrite = async (documents: readonly T[]): Promise<void> => {
    await rewriteFile(file, documents, seal);
    lines = documents.length;
    await durable.begin(lines, lines);
  };
  const db = openNedb<T>(file, {
    read: (chunks) => readLines<T>(chunks, seal).catch(naming(file)),
    seal: (json) => {
      lines += 1;
      return seal.seal(json);
    },
    rewrite,
  });

  return {
    async load() {
      await checkReadable(file);
      const read = await db.load();
      const { good, head, documents } = read;
      const damage = await saveDamaged(file, assessDamage(read));
      lines = good;
      const versions = good / Math.max(documents.size, 1);
      const { size } = await stat(file);
      const outdated = versions >= MOST_VERSIONS && size >= compactAbove;
      const whole = damage === null && read.ended;
      if (whole && !outdated) await durable.begin(good, head ?? 0);
      else await rewrite([...documents.values()]);
      await syncFolder(dirname(file));
      const versionsNow = lines / Math.max(documents.size, 1);
      compactAt = Math.max(compactAbove, (MOST_VERSIONS * durable.length) / Math.max(versionsNow, 1));
      return { documents: [...documents.values()], damage };
    },
    async write(documents) {
      for (const document of documents) await put(db, document);
      await db.flush();
    },
    sync: () => durable.sync(lines),
    async repair(before) {
      db.discard();
      // Half a line that a full disk left behind would swallow the next one.
      if (await durable.cut()) lines = durable.lines;
      else await rewrite(db.getAllData());
      for (const [id, document] of before) {
        if (document) await put(db, document);
        else await db.removeAsync({ _id: id }, {});
      }
      await db.flush();
      await durable.sync(lines);
    },
    async compactIfWorthwhile() {
      if (durable.length < compactAt) return;
      // When it fails, on a full disk for instance, it is not tried again at once.
      compactAt = 1.25 * durable.length;
      await db.compactDatafileAsync();
      compactAt = Math.max(compactAbove, MOST_VERSIONS * durable.length);
    },
  };
}

async function put<T extends Document>(db: Nedb<T>, document: T): Promise<void> {
  await db.updateAsync({ _id: document._id }, document, { upsert: true });
}

/** An error of a disk that cannot read on does not say of which file. */
function naming(file: string): (error: Error) => never {
  return (error) => {
    throw new Error(`${file} cannot be read: ${error.message}`, { cause: error });
  };
}

/** NeDB makes a file that is not there, and would not say which one it may not open. */
async function checkReadable(file: string): Promise<void> {
  const handle = await open(file, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  await handle?.close();
}

/** Keeps a damaged file as it was found, before it is rewritten. */
async function saveDamaged(file: string, damage: Omit<Damage, 'copy'> | null): Promise<Damage | null> {
  if (damage === null) return null;
  if ((await stat(file)).size === 0) return { ...damage, copy: null };
  const copy = `${file}.damaged-${Date.now()}`;
  await copyFile(file, copy);
  return { ...damage, copy };
}
