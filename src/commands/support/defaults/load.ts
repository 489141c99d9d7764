import { readFileSync, statSync } from 'node:fs';
import { ExitCode } from '../../../core/domain/exit-codes.ts';
import { UserError } from '../../../core/domain/user-error.ts';
import { checkEntries } from './check-entries.ts';
import { type Entry, type Mistake, readEntries } from './entries.ts';
import type { CommandFlags } from './flag-spec.ts';
import type { DefaultsPlace } from './places.ts';

/** A file with defaults as it was found. */
export interface DefaultsFile extends DefaultsPlace {
  state: 'read' | 'absent' | 'forbidden';
  entries: readonly Entry[];
}

/** Others than the owner may read it. */
const SHARED_BITS = 0o044;

/**
 * Reads the files and checks all that stands in them, for whatever command: what is wrong is told now,
 * and not in the night in which that command is run.
 * @param commands asked for only when there is something to check
 * @throws UserError for the mistakes of all files
 */
export async function loadDefaults(
  places: readonly DefaultsPlace[],
  commands: () => Promise<CommandFlags>,
): Promise<DefaultsFile[]> {
  const files: DefaultsFile[] = [];
  const mistakes: string[] = [];
  for (const place of places) {
    const { path } = place;
    const found = readText(place);
    if (found.text === null) {
      files.push({ ...place, state: found.state, entries: [] });
      continue;
    }
    const read = readEntries(found.text);
    const checked =
      read.entries.length === 0
        ? []
        : await checkEntries(read.entries, await commands(), { path, isShared: found.isShared });
    for (const { place: at, message } of [...read.mistakes, ...checked].toSorted(inFileOrder)) {
      mistakes.push(`${path}:${at.line}:${at.column}: ${message}`);
    }
    files.push({ ...place, state: 'read', entries: read.entries });
  }
  if (mistakes.length > 0) throw invalid(mistakes);
  return files;
}

type Found =
  | { text: string; isShared: boolean }
  | { text: null; state: Exclude<DefaultsFile['state'], 'read'> };

/** That nobody wrote such a file is the usual case; one that was named has to be there. */
export function readText({ path, scope }: DefaultsPlace): Found {
  try {
    const text = readFileSync(path, 'utf8');
    const { mode } = statSync(path);
    return { text, isShared: (mode & SHARED_BITS) !== 0 };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (scope !== 'chosen' && (code === 'ENOENT' || code === 'ENOTDIR'))
      return { text: null, state: 'absent' };
    // The file of the machine, or of a user whose HOME was taken over, may be for others.
    if (scope !== 'chosen' && code === 'EACCES') return { text: null, state: 'forbidden' };
    throw new UserError({
      code: 'DEFAULTS_UNREADABLE',
      message: `The file with defaults cannot be read: ${(error as Error).message}`,
      hint:
        scope === 'chosen'
          ? 'REPLAY_DEFAULTS names it; /dev/null stands for none.'
          : 'It is a file of JSON; `replay config --help` says more.',
      exitCode: ExitCode.invalidInput,
      cause: error,
    });
  }
}

function inFileOrder({ place: a }: Mistake, { place: b }: Mistake): number {
  return a.line - b.line || a.column - b.column;
}

function invalid(mistakes: readonly string[]): UserError {
  return new UserError({
    code: 'DEFAULTS_INVALID',
    message: ['The defaults cannot be used:', ...mistakes].join('\n  '),
    hint: 'Nothing was started. REPLAY_DEFAULTS=/dev/null runs a command without them.',
    exitCode: ExitCode.invalidInput,
  });
}
