import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { syncFolder } from '../files/atomic-file.ts';
import type { Document } from './collection.ts';
import { headJson } from './head-line.ts';
import type { LineSeal } from './line-seal.ts';
import { toJson } from './to-json.ts';

/** Lines that are put together between two turns of the event loop: a few milliseconds' worth. */
const LINES_AT_ONCE = 500;

/**
 * Replaces a file of documents as a whole: after a crash there is either the old content or the new one.
 * The event loop goes on meanwhile. The temporary file has the name that NeDB looks for when it finds no
 * file.
 */
export async function rewriteFile(
  file: string,
  documents: readonly Document[],
  { seal }: LineSeal,
): Promise<void> {
  const temporary = `${file}~`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.appendFile(`${seal(headJson(documents.length))}\n`);
      for (let first = 0; first < documents.length; first += LINES_AT_ONCE) {
        const lines = documents.slice(first, first + LINES_AT_ONCE).map((item) => `${seal(toJson(item))}\n`);
        await handle.appendFile(lines.join(''));
        await setImmediate();
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}
