import { type Fault, parseFaults } from './faults.ts';

/** What the stand-in was asked to be and to do, apart from what nodeos itself would be told. */
export interface StandInSettings {
  /** Version whose form it takes: 1 and 2 Spring, 3 to 5 Leap. Without the leading v. */
  readonly version: string;
  readonly product: 'leap' | 'spring';
  readonly faults: readonly Fault[];
  /** Path of a table of recorded hashes (see state-hash.ts), or null. */
  readonly hashTable: string | null;
  /** Replay speed; null is as fast as it goes. */
  readonly blocksPerSecond: number | null;
  readonly loadMs: number;
  /** Time that each computation of the state hash takes. */
  readonly hashMs: number;
}

export type SettingsResult =
  | { ok: true; settings: StandInSettings; nodeosArgv: string[] }
  | { ok: false; message: string };

/** Option of the stand-in → the environment variable that says the same. The option wins. */
const NAMES = {
  '--stand-in-version': 'REPLAY_STAND_IN_VERSION',
  '--stand-in-faults': 'REPLAY_STAND_IN_FAULTS',
  '--stand-in-hashes': 'REPLAY_STAND_IN_HASHES',
  '--stand-in-blocks-per-second': 'REPLAY_STAND_IN_BLOCKS_PER_SECOND',
  '--stand-in-load-ms': 'REPLAY_STAND_IN_LOAD_MS',
  '--stand-in-hash-ms': 'REPLAY_STAND_IN_HASH_MS',
} as const;
type OptionName = keyof typeof NAMES;

export const DEFAULT_VERSION = '1.2.2';

/**
 * Splits off the stand-in's own options (which stand first, ended by `--`) and reads its environment.
 * Without any of them the whole of argv belongs to nodeos.
 */
export function readSettings(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): SettingsResult {
  const given = new Map<OptionName, string>();
  let at = 0;
  while (argv[at]?.startsWith('--stand-in-')) {
    const name = argv[at] as OptionName;
    const value = argv[at + 1];
    if (!Object.hasOwn(NAMES, name)) return { ok: false, message: `unknown option '${name}'` };
    if (value === undefined) return { ok: false, message: `option '${name}' needs a value` };
    given.set(name, value);
    at += 2;
  }
  if (at > 0 && argv[at] === '--') at += 1;
  const get = (name: OptionName): string => given.get(name) ?? env[NAMES[name]] ?? '';
  const settings = toSettings(get);
  return typeof settings === 'string'
    ? { ok: false, message: settings }
    : { ok: true, settings, nodeosArgv: argv.slice(at) };
}

function toSettings(get: (name: OptionName) => string): StandInSettings | string {
  const version = (get('--stand-in-version') || DEFAULT_VERSION).replace(/^v/, '');
  const major = /^([1-5])\.\d+\.\d+/.exec(version)?.[1];
  if (major === undefined) return `version '${version}' is neither Spring (1, 2) nor Leap (3 to 5)`;
  const faults = parseFaults(get('--stand-in-faults'));
  if (!faults.ok) return faults.message;
  const numbers = new Map<OptionName, number>();
  for (const name of ['--stand-in-blocks-per-second', '--stand-in-load-ms', '--stand-in-hash-ms'] as const) {
    const text = get(name) || '0';
    if (!/^\d+(\.\d+)?$/.test(text)) return `${name} is '${text}', not a number`;
    numbers.set(name, Number(text));
  }
  return {
    version,
    product: Number(major) <= 2 ? 'spring' : 'leap',
    faults: faults.faults,
    hashTable: get('--stand-in-hashes') || null,
    blocksPerSecond: numbers.get('--stand-in-blocks-per-second') || null,
    loadMs: numbers.get('--stand-in-load-ms') ?? 0,
    hashMs: numbers.get('--stand-in-hash-ms') ?? 0,
  };
}
