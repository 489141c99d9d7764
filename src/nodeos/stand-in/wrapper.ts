import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface StandInWrapper {
  /**
   * What starts the stand-in: the words before its own arguments, `[process.execPath, 'stand-in-nodeos']`
   * for the built program. Absolute paths: nodeos may be started from any folder.
   */
  readonly command: readonly string[];
  /** Version whose form it takes, such as `5.0.3`. */
  readonly version: string;
  /** As in faults.ts; leave it out for none. */
  readonly faults?: string;
  /** Path of a table of recorded hashes. */
  readonly hashes?: string;
  readonly blocksPerSecond?: number;
  readonly loadMs?: number;
  readonly hashMs?: number;
}

/**
 * Writes an executable called `nodeos` into the folder (which is made) that starts the stand-in, and
 * returns its path. It is a shell script that replaces itself, so that signals and exit codes are those of
 * the stand-in.
 */
export async function writeStandInWrapper(folder: string, wrapper: StandInWrapper): Promise<string> {
  const path = join(folder, 'nodeos');
  await mkdir(folder, { recursive: true });
  await writeFile(path, wrapperScript(wrapper));
  await chmod(path, 0o755);
  return path;
}

/** The text of the script. */
export function wrapperScript(wrapper: StandInWrapper): string {
  const { command, version, faults, hashes, blocksPerSecond, loadMs, hashMs } = wrapper;
  const options: readonly (readonly [string, string | number | undefined])[] = [
    ['--stand-in-version', version],
    ['--stand-in-faults', faults],
    ['--stand-in-hashes', hashes],
    ['--stand-in-blocks-per-second', blocksPerSecond],
    ['--stand-in-load-ms', loadMs],
    ['--stand-in-hash-ms', hashMs],
  ];
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
  const words = [...command, ...given, '--'].map(shellQuote).join(' ');
  return `#!/bin/sh\n# This is not nodeos. It starts a stand-in whose results are rehearsals only.\nexec ${words} "$@"\n`;
}

/** Quotes a word for the shell so that nothing in it has a meaning. */
export function shellQuote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
