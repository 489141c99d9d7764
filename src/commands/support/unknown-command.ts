import { ExitCode } from '../../core/domain/exit-codes.ts';
import { nearest } from '../../core/domain/nearest.ts';
import { UserError } from '../../core/domain/user-error.ts';

/** oclif says `command jobs:rety:7 not found`, and its help `Command jobs rety not found.` */
const NOT_FOUND = /^command (\S.*) not found\.?$/iu;

/**
 * What becomes of oclif's error about a command that is not there: one that names the command that was
 * probably meant. Every other error stays as it is.
 * @param ids of all commands, `jobs:retry`
 */
export function explainUnknownCommand(error: unknown, ids: readonly string[]): unknown {
  const [, typed] = NOT_FOUND.exec(error instanceof Error ? error.message : '') ?? [];
  if (typed === undefined || error instanceof UserError) return error;
  const words = typed.split(/[ :]/u);
  const commands = ids.map((id) => id.split(':'));
  const known = commands.find((command) => command.every((word, at) => word === words[at]));
  if (known !== undefined) return surplusWord(words[known.length] ?? '', known);
  const meant = meantCommand(words, commands);
  const all = `${show([...topicOf(words, commands), '--help'])} lists the commands.`;
  return new UserError({
    code: 'USAGE',
    message: `There is no command ${JSON.stringify(words.join(' '))}.`,
    hint: meant === null ? all : `Did you mean ${show(meant)}? ${all}`,
    exitCode: ExitCode.usage,
  });
}

/** oclif takes each word after a command without arguments for a part of the command's name. */
function surplusWord(word: string, command: readonly string[]): UserError {
  return new UserError({
    code: 'USAGE',
    message: `Unexpected argument: ${word}.`,
    hint: `${show(command)} takes no arguments; ${show([...command, '--help'])} has its flags.`,
    exitCode: ExitCode.usage,
  });
}

/** The words of the command that was probably meant. A topic alone stands for its commands. */
function meantCommand(words: readonly string[], commands: readonly string[][]): string[] | null {
  const [first = '', second] = words;
  const names = [...new Set(commands.map(([name = '']) => name))];
  const name = names.includes(first) ? first : nearest(first, names);
  if (name === null) return byItsLastWord(first, commands);
  const members = commands.filter(([topic, member]) => topic === name && member !== undefined);
  if (members.length === 0 || second === undefined) return [name];
  const member = nearest(
    second,
    members.map(([, word = '']) => word),
  );
  return member === null ? (name === first ? null : [name]) : [name, member];
}

/** `replay retry 7` leaves the topic out. */
function byItsLastWord(word: string, commands: readonly string[][]): string[] | null {
  const last = nearest(
    word,
    commands.map((command) => command.at(-1) ?? ''),
  );
  return commands.find((command) => command.at(-1) === last) ?? null;
}

function topicOf([first = '']: readonly string[], commands: readonly string[][]): string[] {
  return commands.some(([topic, member]) => topic === first && member !== undefined) ? [first] : [];
}

function show(words: readonly string[]): string {
  return `\`${['replay', ...words].join(' ')}\``;
}
