import { type Entry, readEntries } from './entries.ts';
import type { FlagSpecs } from './flag-spec.ts';
import { settingsOf } from './layers.ts';
import { type DefaultsFile, readText } from './load.ts';
import { defaultsPlaces, type DefaultsPlace, type Environment } from './places.ts';

/**
 * Whether a file with defaults asks for JSON, for an error of a command line that does not say so itself.
 * The error may be about that very file, so whatever can be read of it counts.
 * @param commands by their ids, `jobs:retry`
 */
export function wantsJsonByDefault(
  argv: readonly string[],
  commands: Readonly<Record<string, { flags?: FlagSpecs }>>,
  environment: Environment,
): boolean {
  if (argv.some((word) => /^(?:--no-json$|--format(?:=|$)|-f)/u.test(word))) return false;
  const [first = '', second = ''] = argv;
  const id = [`${first}:${second}`, first].find((id) => Object.hasOwn(commands, id));
  // A command that is not there would have had the flag.
  const flags = id === undefined ? { json: { type: 'boolean' } } : (commands[id]?.flags ?? {});
  if (!('json' in flags)) return false;
  const files = defaultsPlaces(environment).map(readLeniently);
  const settings = settingsOf((id ?? '').replace(':', ' '), flags, files, environment);
  return settings.get('json')?.value === true || settings.get('format')?.value === 'json';
}

function readLeniently(place: DefaultsPlace): DefaultsFile {
  let entries: readonly Entry[] = [];
  try {
    entries = readEntries(readText(place).text ?? '').entries;
  } catch {
    // Then the error that is to be shown is about this.
  }
  return { ...place, state: 'read', entries };
}
