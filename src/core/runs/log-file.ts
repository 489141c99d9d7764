import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { partOf, type LogPart } from '../domain/log-tail.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { linesOf, textOfLines } from '../protocol/log-text.ts';

/** The lines that are kept of an attempt that is over. */
type KeptLog = Pick<LogPart, 'from' | 'lines'>;

/** The first line of a file whose lines do not begin with the attempt's first one. */
const HEAD = /^# (?<count>\d{1,15}) earlier lines are on the host\n/u;

/** Where the last lines of an attempt are, in the folder of the run. */
export function logPath(runPath: string, jobId: number, attempt: number): string {
  return join(runPath, 'logs', `${jobId}-${attempt}.log`);
}

export async function writeLog(path: string, { from, lines }: KeptLog): Promise<void> {
  const head = from === 0 ? '' : `# ${from} earlier lines are on the host\n`;
  await writeFileAtomically(path, head + textOfLines(lines));
}

/** The text as it was sent, without the line that we put before it; null: there is no such file. */
export async function readLogText(path: string): Promise<{ from: number; text: string } | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const head = HEAD.exec(text);
  return { from: Number(head?.groups?.['count'] ?? 0), text: text.slice(head?.[0].length ?? 0) };
}

/** The lines of a log that is over, by their numbers; none when there is no such file. */
export async function readLog(path: string): Promise<{ since(from: number): LogPart }> {
  const read = await readLogText(path);
  const kept = { from: read?.from ?? 0, lines: linesOf(read?.text ?? '') };
  return { since: (from) => partOf(kept, from) };
}
