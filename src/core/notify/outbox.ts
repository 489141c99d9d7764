import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../log/logger.ts';
import { beginCollection, openCollection, type Collection } from '../store/collection.ts';
import { lineSeal } from '../store/line-seal.ts';
import { rewriteFile } from '../store/rewrite-file.ts';
import { KINDS, type Notification } from './notification.ts';
import {
  RUN_SUBJECT,
  stillNeeded,
  type OutboxDocument,
  type RunTold,
  type Waiting,
} from './outbox-document.ts';
import { OutboxWriter } from './outbox-writer.ts';

const OUTBOX_FILE = 'notifications.db';
/** Bytes. */
const COMPACT_ABOVE = 4 * 1024 * 1024;

/** Notifications that wait at most; what is news beyond that is found out later, from the jobs. */
const MAX_WAITING = 1000;

interface OpenOutbox {
  dataDir: string;
  runId: number;
  /** Keys of the targets that are told now. */
  targets: readonly string[];
  logger: Logger;
}

/**
 * What was told of the run, and what is on its way. `told` of a subject and the notification that goes with
 * it are one document, and so are on disk together or not at all. Memory comes first here: a notification
 * may be on its way before it is on disk, because it is found again from the jobs, with the same id.
 */
export class Outbox {
  readonly #runId: number;
  readonly #documents: Map<string, OutboxDocument>;
  /** Documents by the ids of the notifications that wait in them. */
  readonly #holders = new Map<string, string>();
  readonly #writer: OutboxWriter;

  private constructor(runId: number, documents: readonly OutboxDocument[], writer: OutboxWriter) {
    this.#runId = runId;
    this.#documents = new Map(documents.map((document) => [document._id, document]));
    this.#writer = writer;
    for (const { _id, waiting } of documents) {
      for (const { notification } of waiting) this.#holders.set(notification.id, _id);
    }
  }

  /** Without a file that can be used everything works, but over a restart nothing is kept. */
  static async open(options: OpenOutbox): Promise<Outbox> {
    const { dataDir, runId, logger } = options;
    try {
      const { collection, documents } = await load(join(dataDir, OUTBOX_FILE), options);
      return new Outbox(runId, documents, new OutboxWriter(collection, documents, logger));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.error({ file: OUTBOX_FILE, reason }, 'notifications are not kept over a restart');
      return new Outbox(runId, [], new OutboxWriter(null, [], logger));
    }
  }

  /** What was told of a subject of this run; null: nothing. */
  told(subject: string): object | null {
    return this.#documents.get(this.#idOf(subject))?.told ?? null;
  }

  /**
   * Remembers for whom the run is told from now on.
   * @returns whether it was told to anybody before
   */
  beginRun(targets: readonly string[]): boolean {
    const told = this.told(RUN_SUBJECT) as RunTold | null;
    if (JSON.stringify(told?.targets) !== JSON.stringify(targets)) {
      this.note(RUN_SUBJECT, { targets }, null, []);
    }
    return told !== null;
  }

  get hasRoom(): boolean {
    return this.#holders.size < MAX_WAITING;
  }

  /** Half of the room is free again. */
  get hasMuchRoom(): boolean {
    return this.#holders.size <= MAX_WAITING / 2;
  }

  /** @param notification null: there is nothing to send about it */
  note(subject: string, told: object, notification: Notification | null, targets: readonly string[]): void {
    const _id = this.#idOf(subject);
    const before = this.#documents.get(_id)?.waiting ?? [];
    const waiting = notification === null ? before : [...before, { notification, targets }];
    if (notification !== null) this.#holders.set(notification.id, _id);
    this.#put({ _id, run: this.#runId, told, waiting });
  }

  /** What a target does not have yet, oldest first. */
  waitingFor(target: string): Notification[] {
    const all = [...this.#documents.values()].flatMap(({ waiting }) => waiting);
    const its = all.filter(({ targets }) => targets.includes(target)).map(({ notification }) => notification);
    return its.toSorted(inOrder);
  }

  /** The target has them, or will never have them. */
  done(target: string, notifications: readonly Notification[]): void {
    for (const { id } of notifications) {
      const document = this.#documents.get(this.#holders.get(id) ?? '');
      if (document === undefined) continue;
      const waiting = document.waiting.flatMap((one) =>
        one.notification.id === id ? less(one, target) : one,
      );
      if (!waiting.some(({ notification }) => notification.id === id)) this.#holders.delete(id);
      this.#put({ ...document, waiting });
    }
  }

  /** Resolves when all that was noted is on disk, or could not be written. */
  written(): Promise<void> {
    return this.#writer.settled();
  }

  /** A last try to write what is not on disk. */
  close(): Promise<void> {
    return this.#writer.close();
  }

  #put(document: OutboxDocument): void {
    this.#documents.set(document._id, document);
    this.#writer.write(document);
  }

  #idOf(subject: string): string {
    return `run ${this.#runId}/${subject}`;
  }
}

/** Of one moment, what became of the jobs comes before what became of the run. */
function inOrder(a: Notification, b: Notification): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
}

function less({ notification, targets }: Waiting, target: string): Waiting[] {
  const left = targets.filter((other) => other !== target);
  return left.length === 0 ? [] : [{ notification, targets: left }];
}

async function load(
  file: string,
  { runId, targets, logger }: OpenOutbox,
): Promise<{ collection: Collection<OutboxDocument>; documents: OutboxDocument[] }> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) await beginCollection(file);
  const collection = openCollection<OutboxDocument>({ file, compactAbove: COMPACT_ABOVE });
  const { documents, damage } = await collection.load();
  if (damage?.lost === true) {
    logger.warn({ ...damage }, 'the outbox was damaged; some notifications may be sent again, or not at all');
  }
  const kept = stillNeeded(documents, runId, targets);
  if (kept.every((document, at) => document === documents[at]) && kept.length === documents.length) {
    return { collection, documents };
  }
  await rewriteFile(file, kept, lineSeal(file));
  const rewritten = openCollection<OutboxDocument>({ file, compactAbove: COMPACT_ABOVE });
  return { collection: rewritten, documents: (await rewritten.load()).documents };
}
