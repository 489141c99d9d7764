import { createReadStream } from 'node:fs';
import type { Document } from '../store/collection.ts';
import { assessDamage, type Damage } from '../store/damage.ts';
import { lineSeal } from '../store/line-seal.ts';
import { readLines, type ReadLines } from '../store/read-lines.ts';

export interface ReadDocuments<T> {
  documents: T[];
  /** null: the file is whole, but perhaps for the line that was being written. */
  damage: Omit<Damage, 'copy'> | null;
}

/**
 * Reads a file of documents as the store does, and leaves it as it is. An orchestrator may be writing it:
 * lines that come after those that are known to be on disk may be there or not, and the last one in part.
 * @throws Error when the disk cannot be read
 */
export async function readDocuments<T extends Document>(file: string): Promise<ReadDocuments<T>> {
  const first = await readOnce<T>(file);
  // The first line may have been caught while it was being written over.
  return first.damage === null ? first : readOnce<T>(file);
}

async function readOnce<T extends Document>(file: string): Promise<ReadDocuments<T>> {
  const read = await readFrom<T>(file);
  const damage = assessDamage(read);
  return { documents: [...read.documents.values()], damage: damage?.lost === true ? damage : null };
}

async function readFrom<T extends Document>(file: string): Promise<ReadLines<T>> {
  const seal = lineSeal(file);
  try {
    return await readLines<T>(createReadStream(file, 'utf8') as AsyncIterable<string>, seal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return readLines<T>(nothing(), seal);
  }
}

async function* nothing(): AsyncGenerator<string> {}
