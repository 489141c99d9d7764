import { join, resolve } from 'node:path';
import { type OptionSpec, knownOptions } from './option-table.ts';

/** An option as it was given: by name, with its text, null for a switch on the command line. */
export interface GivenOption {
  readonly name: string;
  readonly value: string | null;
}

/** What nodeos was told, command line before configuration file. */
export interface NodeOptions {
  readonly given: readonly GivenOption[];
  /** The first value given, else the default of the release; null when there is neither. */
  value(name: string): string | null;
  values(name: string): string[];
  /** A switch, or a value that reads as true. */
  isOn(name: string): boolean;
  readonly dataDir: string;
  readonly configDir: string;
  readonly configFile: string;
}

/** A mistake on the command line or in config.ini, in the words of the real program. */
export type OptionMistake =
  | { kind: 'unknown-argument'; name: string }
  | { kind: 'unknown-config'; name: string; file: string }
  | { kind: 'invalid-value'; name: string; value: string }
  | { kind: 'repeated'; name: string };

/** On a mistake in a value the real program has read everything; on an unknown name, nothing of that source. */
export type ParsedOptions =
  | { ok: true; given: GivenOption[] }
  | { ok: false; mistake: OptionMistake; given: GivenOption[] };

/** Options that take one of a few words. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  'read-mode': ['head', 'irreversible', 'speculative'],
  'validation-mode': ['full', 'light'],
  'database-map-mode': ['mapped', 'mapped_private', 'heap', 'locked'],
  'wasm-runtime': ['eos-vm-jit', 'eos-vm', 'eos-vm-oc'],
};

/** Options of config.ini that may be given several times. */
const LISTS = new Set(
  ['plugin', 'p2p-peer-address', 'checkpoint', 'profile-account', 'trusted-producer', 'producer-name']
    .concat(['signature-provider', 'greylist-account', 'http-alias', 'http-category-address'])
    .concat(['actor-whitelist', 'actor-blacklist', 'contract-whitelist', 'contract-blacklist'])
    .concat(['action-blacklist', 'key-blacklist', 'sender-bypass-whiteblacklist', 'p2p-listen-endpoint'])
    .concat(['p2p-server-address', 'p2p-auto-bp-peer', 'p2p-bp-gossip-endpoint', 'allowed-connection'])
    .concat(['peer-key', 'peer-private-key']),
);

/** Reads the command line: `--name value`, `--name=value`, `-x value` and switches. */
export function parseArguments(argv: readonly string[], product: 'leap' | 'spring'): ParsedOptions {
  const known = knownOptions(product);
  const shorts = new Map([...known.values()].map((spec) => [`-${spec.short}`, spec]));
  const given: GivenOption[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    const [, name = '', attached] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const spec = known.get(name) ?? shorts.get(word);
    if (spec === undefined) {
      // The library reports the bare name of an option and whatever stands by itself as it is.
      return {
        ok: false,
        mistake: { kind: 'unknown-argument', name: name === '' ? word : `--${name}` },
        given: [],
      };
    }
    const value = spec.isSwitch ? null : (attached ?? argv[++at] ?? '');
    given.push({ name: spec.name, value });
  }
  return checkValues(given, known);
}

/** Reads config.ini: `name = value` lines, `#` comments, no sections. */
export function parseConfig(text: string, file: string, product: 'leap' | 'spring'): ParsedOptions {
  const known = knownOptions(product);
  const given: GivenOption[] = [];
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] =
      /^\s*([^#=\s][^=#]*?)\s*=\s*(.*?)\s*$/.exec(line.replace(/#.*$/, '')) ?? [];
    if (name === '') continue;
    const spec = known.get(name);
    if (spec === undefined || !spec.inConfig) {
      return { ok: false, mistake: { kind: 'unknown-config', name, file }, given: [] };
    }
    if (!LISTS.has(name) && given.some((option) => option.name === name)) {
      return { ok: false, mistake: { kind: 'repeated', name }, given: [] };
    }
    given.push({ name, value });
  }
  return checkValues(given, known);
}

function checkValues(given: GivenOption[], known: ReadonlyMap<string, OptionSpec>): ParsedOptions {
  for (const { name, value } of given) {
    const spec = known.get(name);
    const mistake = spec === undefined || value === null ? null : checkValue(spec, value);
    if (mistake !== null) return { ok: false, mistake, given };
  }
  return { ok: true, given };
}

function checkValue(spec: OptionSpec, value: string): OptionMistake | null {
  const words = WORDS[spec.name];
  const isNumber = spec.defaultValue !== null && /^-?\d+$/.test(spec.defaultValue);
  const good =
    words === undefined
      ? !isNumber || /^(-?\d+|true|false|on|off|yes|no)$/.test(value)
      : words.includes(value);
  return good ? null : { kind: 'invalid-value', name: spec.name, value };
}

/** Folders that are asked for before config.ini can be read. */
export interface Folders {
  readonly dataDir: string;
  readonly configDir: string;
  readonly configFile: string;
}

/** Where data and configuration are: as given, else in the home folder as the real program has it. */
export function foldersOf(given: readonly GivenOption[], home: string): Folders {
  const base = join(home, '.local/share/eosio/nodeos');
  const find = (name: string): string | undefined =>
    given.find((option) => option.name === name)?.value ?? undefined;
  const configDir = resolve(find('config-dir') ?? join(base, 'config'));
  return {
    dataDir: resolve(find('data-dir') ?? join(base, 'data')),
    configDir,
    configFile: resolve(configDir, find('config') ?? 'config.ini'),
  };
}

/** Puts what was given together with the defaults of the release. */
export function nodeOptions(
  given: readonly GivenOption[],
  folders: Folders,
  product: 'leap' | 'spring',
): NodeOptions {
  const known = knownOptions(product);
  const values = (name: string): string[] =>
    given.filter((option) => option.name === name).map((option) => option.value ?? 'true');
  const value = (name: string): string | null => values(name)[0] ?? known.get(name)?.defaultValue ?? null;
  return {
    given,
    value,
    values,
    isOn: (name) => ['1', 'true', 'yes', 'on'].includes(value(name) ?? ''),
    ...folders,
  };
}

/** The list that nodeos prints as `Non-default options: …`. */
export function describeOptions(given: readonly GivenOption[]): string {
  return given.map(({ name, value }) => (value === null ? name : `${name} = ${value}`)).join(', ');
}

/** Options of config.ini that say what is the default anyway, in the order of the help; nodeos warns of them. */
export function redundantOptions(given: readonly GivenOption[], product: 'leap' | 'spring'): string[] {
  return [...knownOptions(product).values()]
    .filter((spec) => given.some(({ name, value }) => name === spec.name && isRedundant(spec, value)))
    .map(({ name }) => name);
}

function isRedundant(spec: OptionSpec, value: string | null): boolean {
  return spec.isSwitch ? value === 'false' : isSame(spec.defaultValue, value);
}

function isSame(defaultValue: string | null, value: string | null): boolean {
  const plain = (text: string | null): string | null =>
    text === 'true' ? '1' : text === 'false' ? '0' : text;
  return defaultValue !== null && plain(defaultValue) === plain(value);
}
