import { nearest } from '../../../core/domain/nearest.ts';
import { checkValue } from './check-value.ts';
import type { Entry, Mistake } from './entries.ts';
import { type CommandFlags, type FlagSpec, isSecret, rivalsOf } from './flag-spec.ts';

/** Flags that mean the same in every command, in whatever words each of them says so. */
const SAME_EVERYWHERE = ['json', 'no-color'];

export interface CheckedFile {
  path: string;
  /** Whether the group or others may read it. */
  isShared: boolean;
}

/** Every mistake in the entries of one file, in their order. */
export async function checkEntries(
  entries: readonly Entry[],
  commands: CommandFlags,
  file: CheckedFile,
): Promise<Mistake[]> {
  const found = await Promise.all(
    entries.map(async (entry) => {
      const messages = [...(await checkEntry(entry, commands, file)), ...rivals(entry, entries, commands)];
      return [...new Set(messages)].map((message) => ({ place: entry.place, message: say(entry, message) }));
    }),
  );
  return found.flat();
}

async function checkEntry(entry: Entry, commands: CommandFlags, file: CheckedFile): Promise<string[]> {
  const { section, key, value } = entry;
  const concerned = commandsOf(section, commands);
  if (concerned.length === 0) return key === null ? [unknownSection(section ?? '', commands)] : [];
  if (key === null) return [];
  const flags = concerned.flatMap(({ flags }) => flags[key] ?? []);
  if (flags.length === 0) return [unknownKey(entry, commands)];
  if (hasSeveralMeanings(key, flags)) return [severalMeanings(key, concerned)];
  if (isSecret(key) && file.isShared) return [SHARED_SECRET];
  const checked = await Promise.all(flags.map((flag) => checkValue(key, value, flag, file.path)));
  return checked.flatMap((one) => (one.ok ? [] : [one.message]));
}

const SHARED_SECRET =
  'a secret, in a file that not only its owner may read; run chmod 600 on the file, or name a file with "token-file" or "notify-file"';

interface Concerned {
  command: string;
  flags: Readonly<Record<string, FlagSpec>>;
}

/** The commands that a section is about: one, those of a topic, or all. */
export function commandsOf(section: string | null, commands: CommandFlags): Concerned[] {
  return [...commands]
    .filter(([command]) => section === null || command === section || command.startsWith(`${section} `))
    .map(([command, flags]) => ({ command, flags }));
}

/** A variable is the identity of a flag; where there is none, it is what help says of it. */
function hasSeveralMeanings(key: string, flags: readonly FlagSpec[]): boolean {
  if (SAME_EVERYWHERE.includes(key)) return false;
  return new Set(flags.map(({ env, description }) => env ?? `: ${description}`)).size > 1;
}

function severalMeanings(key: string, concerned: readonly Concerned[]): string {
  const names = concerned.filter(({ flags }) => key in flags).map(({ command }) => JSON.stringify(command));
  return `means different things to ${names.join(', ')}; put it into the objects of those that it is for`;
}

function unknownSection(section: string, commands: CommandFlags): string {
  const meant = nearest(section, sectionsOf(commands));
  const hint = meant === null ? 'expected a command, such as "jobs retry"' : `did you mean "${meant}"?`;
  return `there is no such command; ${hint}`;
}

function unknownKey({ section, key, value }: Entry, commands: CommandFlags): string {
  const concerned = commandsOf(section, commands);
  const nested = `${section} ${key}`;
  if (section !== null && typeof value === 'object' && commands.has(nested)) {
    return `write it at the top, as "${nested}"`;
  }
  const names = concerned.flatMap(({ flags }) => Object.keys(flags));
  const meant = nearest(key ?? '', section === null ? [...names, ...sectionsOf(commands)] : names);
  const where = section === null ? '' : ` of ${section}`;
  return `there is no such flag${where}; ${meant === null ? `replay ${section ?? 'COMMAND'} --help has them` : `did you mean "${meant}"?`}`;
}

function sectionsOf(commands: CommandFlags): string[] {
  return [...new Set([...commands.keys()].flatMap((name) => [name, name.split(' ')[0] ?? '']))];
}

/** Two settings in one object of which one says no to the other. */
function rivals({ section, key, value }: Entry, entries: readonly Entry[], commands: CommandFlags): string[] {
  if (key === null || value === false) return [];
  const names = commandsOf(section, commands).flatMap(({ flags }) =>
    key in flags ? rivalsOf(key, flags) : [],
  );
  const other = entries
    .slice(
      0,
      entries.findIndex((entry) => entry.section === section && entry.key === key),
    )
    .find((entry) => entry.section === section && entry.value !== false && names.includes(entry.key ?? ''));
  return other === undefined ? [] : [`contradicts "${other.key}" above it`];
}

function say({ section, key }: Entry, message: string): string {
  return `${[section, key].filter((name) => name !== null).join(', ')}: ${message}`;
}
