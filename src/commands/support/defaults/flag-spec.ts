import { Flags } from '@oclif/core';

/** What is looked at of a flag's definition. */
export interface FlagSpec {
  type: string;
  description?: string | undefined;
  env?: string | undefined;
  options?: readonly string[] | undefined;
  multiple?: boolean | undefined;
  helpValue?: string | string[] | undefined;
  default?: unknown;
  exclusive?: readonly unknown[] | undefined;
  parse?: unknown;
}

export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

/** The flags of each command, by the command as it is typed: `jobs retry`. */
export type CommandFlags = ReadonlyMap<string, FlagSpecs>;

/** oclif gives all flags of whole numbers one function. */
const parseInteger: unknown = Flags.integer().parse;

export function isInteger(flag: FlagSpec): boolean {
  return flag.parse === parseInteger;
}

/** Whether the value is the path of a file or folder: by the way in which help shows it. */
export function isPath({ helpValue }: FlagSpec): boolean {
  return [helpValue].flat().some((shown) => shown !== undefined && /^(?:FILE|DIR|PATH)$/u.test(shown));
}

/** What nobody but its owner may see. The URL of a webhook lets whoever knows it write there. */
export function isSecret(name: string): boolean {
  return /(?:^|-)(?:token|secret|password|notify)$/u.test(name);
}

/** What contradicts a flag, besides what the flags name themselves. */
const RIVALS: readonly (readonly [string, readonly string[]])[] = [
  ['token', ['token-file', 'no-auth']],
  ['token-file', ['no-auth']],
  ['json', ['format']],
  ['slice', ['failed', 'running', 'sort', 'reverse', 'columns']],
  ['hosts', ['failed', 'running', 'sort', 'reverse', 'columns', 'slice', 'from', 'run']],
  ['from', ['orchestrator', 'token', 'token-file']],
  ['wait', ['from', 'run']],
  ['follow', ['from', 'run']],
  ['failed', ['force']],
];

/** The flags that cannot be given together with this one. */
export function rivalsOf(name: string, flags: FlagSpecs): string[] {
  const listed = RIVALS.flatMap(([one, others]) =>
    one === name ? others : others.includes(name) ? [one] : [],
  );
  const own = (flags[name]?.exclusive ?? []).map(String);
  const others = Object.keys(flags).filter((other) => flags[other]?.exclusive?.includes(name));
  return [...listed, ...own, ...others].filter((other) => other in flags);
}
