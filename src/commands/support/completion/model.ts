import type { Command, Config } from '@oclif/core';

import { RIGHTS } from '../../../core/orchestrator/access/rights.ts';
import { COLUMN_NAMES } from '../../../core/report/status-columns.ts';

/** What may follow a flag, or stand as an argument. */
export type Value =
  | { kind: 'choice'; options: readonly string[] }
  | { kind: 'file' }
  | { kind: 'folder' }
  /** Something that the shell knows nothing about; `name` says what, for people. */
  | { kind: 'free'; name: string };

export interface CompletedFlag {
  name: string;
  char: string | null;
  /** One short line. */
  about: string;
  /** null: it is on or off. */
  value: Value | null;
  repeatable: boolean;
}

/** A word that leads to a command: the command itself, or a topic. */
export interface CompletedWord {
  word: string;
  about: string;
}

/** A place on the command line that a shell can help with. */
export interface Place {
  /** The words typed so far, without the program's name: `['jobs', 'retry']`; none at the start. */
  path: readonly string[];
  /** Words that lead on from here. */
  next: readonly CompletedWord[];
  flags: readonly CompletedFlag[];
  /** What a command takes besides flags; null: nothing, or it is a topic. */
  argument: Value | null;
}

const HELP_FLAG: CompletedFlag = {
  name: 'help',
  char: 'h',
  about: 'show the help of the command',
  value: null,
  repeatable: false,
};

const VERSION_FLAG: CompletedFlag = { ...HELP_FLAG, name: 'version', char: 'v', about: 'print the version' };

/** Flags that check their values themselves, because several may be given with commas between them. */
const KNOWN_VALUES: Partial<Record<string, readonly string[]>> = {
  columns: COLUMN_NAMES,
  rights: RIGHTS,
  sort: COLUMN_NAMES,
};

/** Longer lines break the lists that shells make. */
const LONGEST_LINE = 90;

/** Every place on the command line, the start first. Nothing is asked of anybody but the table of commands. */
export function completedPlaces(config: Config): Place[] {
  const commands = config.commands.filter(({ hidden }) => !hidden);
  const start = {
    path: [],
    next: nextWords(config, []),
    flags: [HELP_FLAG, VERSION_FLAG],
    argument: null,
  };
  const topics = config.topics
    .filter(({ name }) => commands.some(({ id }) => id.startsWith(`${name}:`)))
    .map(({ name }) => name.split(':'))
    .map((path) => ({ path, next: nextWords(config, path), flags: [HELP_FLAG], argument: null }));
  const helpOfTopics = topics.map((topic) => ({ ...topic, path: ['help', ...topic.path] }));
  return [start, ...topics, ...commands.map((command) => placeOf(command, config)), ...helpOfTopics];
}

function nextWords({ bin, commands, topics }: Config, path: readonly string[]): CompletedWord[] {
  const abouts = new Map<string, string>();
  const texts = [
    ...topics.map(({ name, description }) => [name, description] as const),
    ...commands.map(({ id, summary, description }) => [id, summary ?? description] as const),
  ];
  for (const [id, text] of texts) {
    const words = id.split(':');
    if (words.length === path.length + 1 && path.every((word, at) => word === words[at]))
      abouts.set(words.at(-1) ?? '', shortLine(text?.replace('<%= config.bin %>', bin)));
  }
  return [...abouts].map(([word, about]) => ({ word, about })).toSorted(byWord);
}

function placeOf(command: Command.Loadable, config: Config): Place {
  const flags = Object.values(command.flags).filter(({ hidden }) => hidden !== true);
  return {
    path: command.id.split(':'),
    next: command.id === 'help' ? nextWords(config, []) : [],
    flags: [...flags.flatMap(completedFlags), HELP_FLAG],
    argument: argumentOf(command),
  };
}

function completedFlags(flag: Command.Flag.Cached): CompletedFlag[] {
  const common = {
    name: flag.name,
    char: flag.char ?? null,
    about: shortLine(flag.summary ?? flag.description),
  };
  if (flag.type === 'option')
    return [{ ...common, value: valueOf(flag), repeatable: flag.multiple === true }];
  const yes = { ...common, value: null, repeatable: false };
  const no = { ...yes, name: `no-${flag.name}`, char: null, about: `the opposite of --${flag.name}` };
  return flag.allowNo ? [yes, no] : [yes];
}

function valueOf({ options, helpValue, name }: Command.Flag.Cached & { type: 'option' }): Value {
  if (options !== undefined) return { kind: 'choice', options };
  const known = KNOWN_VALUES[name];
  if (known !== undefined) return { kind: 'choice', options: known };
  const [shown] = [helpValue ?? name].flat();
  return valueNamed(shown ?? name);
}

function argumentOf({ id, args, strict }: Command.Loadable): Value | null {
  const [first] = Object.values(args);
  if (id === 'help') return null;
  if (first?.options !== undefined) return { kind: 'choice', options: first.options };
  if (first !== undefined) return valueNamed(first.name);
  return strict === false ? valueNamed('ID') : null;
}

/** By the way in which help shows it. */
function valueNamed(shown: string): Value {
  const name = shown.toUpperCase();
  if (/^(?:FILE|PATH|MANIFEST)$/u.test(name)) return { kind: 'file' };
  return /^(?:DIR|FOLDER)$/u.test(name) ? { kind: 'folder' } : { kind: 'free', name };
}

/** The first statement of a text, on one line. */
function shortLine(text = ''): string {
  const [first = ''] = text.replaceAll(/\s+/gu, ' ').split(/[;:]\s|\s\(/u);
  return first.length > LONGEST_LINE ? `${first.slice(0, LONGEST_LINE - 1)}…` : first;
}

function byWord(a: CompletedWord, b: CompletedWord): number {
  return a.word < b.word ? -1 : 1;
}
