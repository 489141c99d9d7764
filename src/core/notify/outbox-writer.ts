import type { Logger } from '../log/logger.ts';
import type { Collection } from '../store/collection.ts';
import type { OutboxDocument } from './outbox-document.ts';

/**
 * Writes documents in the background, as many at once as have come together. What could not be written is
 * tried again with the next ones, and at the end.
 */
export class OutboxWriter {
  readonly #collection: Collection<OutboxDocument> | null;
  readonly #logger: Logger;
  readonly #dirty = new Map<string, OutboxDocument>();
  /** As they are on disk. */
  readonly #stored: Map<string, OutboxDocument>;
  /** Documents as they were before a write that failed and is not yet taken back. */
  #broken: Map<string, OutboxDocument | null> | null = null;
  #writing: Promise<void> | null = null;
  #failing = false;

  /** @param collection null: nothing is kept */
  constructor(
    collection: Collection<OutboxDocument> | null,
    stored: readonly OutboxDocument[],
    logger: Logger,
  ) {
    this.#collection = collection;
    this.#stored = new Map(stored.map((document) => [document._id, document]));
    this.#logger = logger;
  }

  write(document: OutboxDocument): void {
    if (this.#collection === null) return;
    this.#dirty.set(document._id, document);
    this.#begin();
  }

  /** Resolves when nothing is being written; what failed is left. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async close(): Promise<void> {
    await this.#writing;
    if (this.#dirty.size > 0) this.#begin();
    await this.#writing;
  }

  #begin(): void {
    const collection = this.#collection;
    if (collection === null) return;
    this.#writing ??= this.#writeAll(collection).finally(() => {
      this.#writing = null;
      // Something may have come in the moment between the last look and this.
      if (this.#dirty.size > 0 && !this.#failing) this.#begin();
    });
  }

  async #writeAll(collection: Collection<OutboxDocument>): Promise<void> {
    // What else is said in this moment goes into the same write.
    await Promise.resolve();
    while (this.#dirty.size > 0) {
      const documents = [...this.#dirty.values()];
      this.#dirty.clear();
      try {
        await this.#store(collection, documents);
        if (this.#failing) this.#logger.info({}, 'the outbox can be written again');
        this.#failing = false;
      } catch (error) {
        for (const document of documents) {
          if (!this.#dirty.has(document._id)) this.#dirty.set(document._id, document);
        }
        const reason = error instanceof Error ? error.message : String(error);
        if (!this.#failing) this.#logger.error({ reason }, 'the outbox of notifications cannot be written');
        this.#failing = true;
        return;
      }
    }
  }

  async #store(collection: Collection<OutboxDocument>, documents: readonly OutboxDocument[]): Promise<void> {
    if (this.#broken !== null) await collection.repair(this.#broken);
    this.#broken = new Map(documents.map(({ _id }) => [_id, this.#stored.get(_id) ?? null]));
    await collection.write(documents);
    await collection.sync();
    this.#broken = null;
    for (const document of documents) this.#stored.set(document._id, document);
    await collection.compactIfWorthwhile().catch((error: unknown) => {
      this.#logger.warn({ err: error }, 'the outbox could not be compacted');
    });
  }
}
