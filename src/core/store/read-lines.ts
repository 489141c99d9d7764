import type { Document } from './collection.ts';
import { parseHead } from './head-line.ts';
import type { LineSeal } from './line-seal.ts';

/** What a file holds. */
export interface ReadLines<T extends Document> {
  /** The last document of each id. */
  documents: Map<string, T>;
  /** Lines that are as they were written, the first one not counted. */
  good: number;
  /** Lines that are not as they were written. */
  bad: number;
  /** Whether good lines follow a bad one. */
  badInside: boolean;
  /** What the first line says; null: it cannot be read, or is not there. */
  head: number | null;
  /** Whether the last line has its line end. */
  ended: boolean;
}

/** A line as NeDB writes it: a document, or that there is none of this id any more. */
type Line<T> = T & { $$deleted?: true };

/**
 * Reads a file of documents, one a line. Lines that are not as they were written are counted, and left out.
 * @param chunks of the file's text
 */
export async function readLines<T extends Document>(
  chunks: AsyncIterable<string>,
  { unseal }: LineSeal,
): Promise<ReadLines<T>> {
  const documents = new Map<string, T>();
  const read: ReadLines<T> = { documents, good: 0, bad: 0, badInside: false, head: null, ended: true };
  const see = (line: string, isFirst: boolean): void => {
    const json = unseal(line);
    if (isFirst && json !== null) read.head = parseHead(json);
    if (isFirst && read.head !== null) return;
    const document = json === null ? null : (JSON.parse(json) as Line<T>);
    if (document?._id === undefined) {
      read.bad += 1;
      return;
    }
    read.good += 1;
    read.badInside = read.bad > 0;
    if (document.$$deleted) documents.delete(document._id);
    else documents.set(document._id, document);
  };
  read.ended = await eachLine(chunks, see);
  return read;
}

/** @returns whether the last line has its line end */
async function eachLine(
  chunks: AsyncIterable<string>,
  see: (line: string, isFirst: boolean) => void,
): Promise<boolean> {
  let isFirst = true;
  /** Of the line that has not ended yet. Garbage may be one line of any length. */
  let parts: string[] = [];
  const end = (): void => {
    const line = parts.join('');
    if (line !== '') see(line, isFirst);
    isFirst &&= line === '';
    parts = [];
  };
  for await (const chunk of chunks) {
    const [rest = '', ...others] = chunk.split('\n');
    parts.push(rest);
    for (const other of others) {
      end();
      parts.push(other);
    }
  }
  const ended = parts.join('') === '';
  end();
  return ended;
}
