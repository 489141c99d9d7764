import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the logs of an attempt are, below its folder. */
export const LOG_FOLDER = 'log';

/** What is read from the end of a log at most: enough for hundreds of lines, whatever the log's size. */
const MOST_BYTES = 256 * 1024;

/**
 * The last lines of the newest log of an attempt, for the report of a failure.
 * @param directory the attempt's folder
 * @param count how many lines at most
 * @returns oldest first; empty when there is no log
 */
export async function lastLogLines(directory: string, count: number): Promise<string[]> {
  const path = await newestLog(join(directory, LOG_FOLDER));
  if (path === null || count <= 0) return [];
  const { text, whole } = await readEnd(path);
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  // The first line may have lost its beginning.
  if (!whole && lines.length > 1) lines.shift();
  return lines.slice(-count);
}

async function newestLog(folder: string): Promise<string | null> {
  const names = await readdir(folder).catch(() => []);
  const logs: { path: string; time: number }[] = [];
  for (const name of names.filter((each) => each.endsWith('.log')).toSorted()) {
    const path = join(folder, name);
    const info = await stat(path).catch(() => null);
    if (info?.isFile()) logs.push({ path, time: info.mtimeMs });
  }
  return (
    logs.reduce<(typeof logs)[number] | null>((a, b) => (a !== null && a.time > b.time ? a : b), null)
      ?.path ?? null
  );
}

async function readEnd(path: string): Promise<{ text: string; whole: boolean }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, MOST_BYTES);
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, size - length);
    return { text: buffer.subarray(0, bytesRead).toString('utf8'), whole: length === size };
  } finally {
    await file.close();
  }
}
