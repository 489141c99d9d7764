import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { syncFolder } from '../files/atomic-file.ts';

/** Lines that are put together between two turns of the event loop: a few milliseconds' worth. */
const LINES_AT_ONCE = 500;

/**
 * Replaces a file as a whole by other lines, one for each item: after a crash there is either the old
 * content or the new one. The event loop goes on meanwhile. The temporary file has the name that NeDB
 * looks for when it finds no file.
 */
export async function rewriteFile<T>(
  file: string,
  items: readonly T[],
  toLine: (item: T) => string,
): Promise<void> {
  const temporary = `${file}~`;
  try {
    const handle = await open(temporary, 'w');
    try {
      for (let first = 0; first < items.length; first += LINES_AT_ONCE) {
        const lines = items.slice(first, first + LINES_AT_ONCE).map((item) => `${toLine(item)}\n`);
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
