import { ExitCode } from '../../core/domain/exit-codes.ts';

/** What a code means for one command; the meaning of the number itself is fixed for all commands. */
export type ExitCodes = Partial<Record<keyof typeof ExitCode, string>>;

const DEFAULTS_NOTE =
  'Flags may have defaults in a file: `replay config` shows them, `replay config --help` says where it is.';

/**
 * The description of a command for `--help`: paragraphs that the terminal's width wraps, however they
 * are wrapped in the source, and the exit codes one a line.
 */
export function describe(
  text: string,
  exitCodes: ExitCodes,
  { takesDefaults = true }: { takesDefaults?: boolean } = {},
): string {
  const paragraphs = text
    .trim()
    .split(/\n\s*\n/u)
    .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/gu, ' '));
  const fromFiles = takesDefaults ? [DEFAULTS_NOTE] : [];
  const invalid = takesDefaults ? { invalidInput: 'a file with defaults is invalid' } : {};
  const codes = exitCodesByNumber({ ...invalid, ...exitCodes }).map(
    ([code, meaning]) => `  ${String(code).padEnd(3)}  ${meaning}`,
  );
  return [...paragraphs, ...fromFiles, ['Exit codes:', ...codes].join('\n')].join('\n\n');
}

/** Number and meaning, in ascending order. */
function exitCodesByNumber(exitCodes: ExitCodes): [number, string][] {
  return Object.entries(exitCodes)
    .map(([name, meaning]): [number, string] => [ExitCode[name as keyof typeof ExitCode], meaning])
    .toSorted(([a], [b]) => a - b);
}
