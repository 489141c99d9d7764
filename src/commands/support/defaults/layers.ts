import type { FlagSpecs } from './flag-spec.ts';
import { rivalsOf } from './flag-spec.ts';
import type { DefaultsFile } from './load.ts';
import type { Environment } from './places.ts';

/** Where a value comes from that was not typed. */
export type Source = 'environment' | 'file' | 'built-in';

export interface Setting {
  value: unknown;
  source: Source;
  /** The variable, or the file with line and column; null: built in. */
  place: string | null;
  /** The path of the file; null: it stands in none. */
  file: string | null;
}

/**
 * What each flag of a command is when nothing is typed, as it was written: environment over the user's
 * file over the system's file over what is built in; and in a file the command over its topic over the
 * top. What contradicts a setting that counts more is left out.
 * @param command as it is typed: `jobs retry`
 */
export function settingsOf(
  command: string,
  flags: FlagSpecs,
  files: readonly DefaultsFile[],
  environment: Environment,
): Map<string, Setting> {
  const taken = new Map<string, Setting>();
  for (const layer of [fromEnvironment(flags, environment), ...fromFiles(command, files)]) {
    for (const [name, setting] of layer) {
      const isFree = rivalsOf(name, flags).every((rival) => !isOn(taken.get(rival)?.value));
      if (name in flags && !taken.has(name) && isFree) taken.set(name, setting);
    }
  }
  for (const [name, { default: value }] of Object.entries(flags)) {
    const builtIn: Setting = { value, source: 'built-in', place: null, file: null };
    if (!taken.has(name) && value !== undefined && typeof value !== 'function') taken.set(name, builtIn);
  }
  return taken;
}

/** A switch that is off contradicts nothing. */
export function isOn(value: unknown): boolean {
  return value !== undefined && value !== false;
}

type Layer = Map<string, Setting>;

function fromEnvironment(flags: FlagSpecs, environment: Environment): Layer {
  const layer: Layer = new Map();
  for (const [name, { env }] of Object.entries(flags)) {
    const value = env === undefined ? undefined : environment[env];
    if (env !== undefined && value) layer.set(name, { value, source: 'environment', place: env, file: null });
  }
  return layer;
}

function fromFiles(command: string, files: readonly DefaultsFile[]): Layer[] {
  const [topic = ''] = command.split(' ');
  const sections = [...new Set([command, topic, null])];
  return files.flatMap((file) => sections.map((section) => fromSection(file, section)));
}

function fromSection({ path, entries }: DefaultsFile, section: string | null): Layer {
  const layer: Layer = new Map();
  for (const { section: of, key, value, place } of entries) {
    if (of !== section || key === null) continue;
    layer.set(key, { value, source: 'file', place: `${path}:${place.line}:${place.column}`, file: path });
  }
  return layer;
}
