import { readdirSync, readFileSync } from 'node:fs';

export interface SeenProcess {
  pid: number;
  /** Its command line, the words separated by spaces. */
  command: string;
}

/** The processes whose command line names the text: a folder of the test, say. Zombies have none. */
export function processesNaming(text: string): SeenProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map((name) => ({ pid: Number(name), command: commandOf(name) }))
    .filter(({ command }) => command.includes(text));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
