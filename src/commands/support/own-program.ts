import { existsSync } from 'node:fs';

/** What Linux has the file of a process under, also when another one stands in its place by now (proc(5)). */
const RUNNING = '/proc/self/exe';

/**
 * The single file that this process was started from; null when it runs from source. Where the system can
 * tell, it is just the file that runs: an update that replaces it on the disk changes nothing.
 */
export function ownProgramFile(): string | null {
  if (!(process.argv[1] ?? '').startsWith('/$bunfs/')) return null;
  return existsSync(RUNNING) ? RUNNING : process.execPath;
}
