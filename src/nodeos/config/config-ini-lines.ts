import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { REFUSED_OPTIONS } from '../options/options-table.ts';

/** One `name = value` of a config.ini. */
export interface ConfigLine {
  readonly name: string;
  readonly value: string;
}

const ASSIGNMENT = /^([A-Za-z0-9_-]+)\s*=\s*(.*)$/;

/** Options of which nodeos takes several; any other may stand once in the file. */
const LISTS = new Set(['plugin', 'disable-subjective-account-billing', 'greylist-account']);

/**
 * Reads the user's own nodeos configuration (`--nodeos-config`) and refuses what a result depends on.
 * The worker's owner may set more than a manifest may (plugins, any size), but not where nodeos starts,
 * ends, reads and writes, whom it listens to, or what it checks.
 * @param text the file; comments start with `#`
 * @param name the file's name for the message
 * @throws UserError that lists every line which is refused
 */
export function readConfigLines(text: string, name: string): ConfigLine[] {
  const lines: ConfigLine[] = [];
  const problems: string[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/#.*$/, '').trim();
    if (line === '') continue;
    const match = ASSIGNMENT.exec(line);
    const problem = match ? problemOf(match[1]!, match[2]!, lines) : 'expected "name = value"';
    if (problem !== null) problems.push(`${name}:${index + 1}: ${line}: ${problem}`);
    else lines.push({ name: match![1]!, value: match![2]! });
  }
  if (problems.length === 0) return lines;
  throw new UserError({
    code: 'NODEOS_CONFIG_INVALID',
    message: problems.join('\n'),
    hint: 'Remove these lines. Start, end, folders, addresses and peers of nodeos are set from the slice and the flags of this command.',
    exitCode: ExitCode.invalidInput,
  });
}

function problemOf(name: string, value: string, before: readonly ConfigLine[]): string | null {
  const refused = REFUSED_OPTIONS.get(name);
  if (refused !== undefined) return refused;
  if (value === '') return 'it has no value';
  const repeated = !LISTS.has(name) && before.some((line) => line.name === name);
  return repeated ? 'it is given more than once, which nodeos refuses' : null;
}
