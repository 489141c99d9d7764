import type { CompletedFlag, Place, Value } from './model.ts';
import { fishQuote } from './quote.ts';

/** The completion script for fish 3.0 and newer: one line for each word and flag, with the place where it counts. */
export function fishCompletion(bin: string, places: readonly Place[]): string {
  return `# fish completion for ${bin}, made by: ${bin} completion fish
function __${bin}_words
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; and break
        echo $word
    end
end
# Nothing but these words stands before the cursor.
function __${bin}_is
    set -l typed (__${bin}_words)
    test "$typed" = "$argv"
end
# So many words of a command, these, and whatever follows.
function __${bin}_in
    set -l typed (__${bin}_words)
    test "$typed[1..$argv[1]]" = "$argv[2..-1]"
end
complete -c ${bin} -f
${places.flatMap((place) => linesOf(bin, place)).join('\n')}
`;
}

function linesOf(bin: string, { path, next, flags, argument }: Place): string[] {
  const isLeaf = next.length === 0;
  const condition = fishQuote(
    [...(isLeaf ? [`__${bin}_in`, path.length] : [`__${bin}_is`]), ...path].join(' '),
  );
  const at = `complete -c ${bin} -n ${condition}`;
  return [
    ...next.map(({ word, about }) => `${at} -a ${fishQuote(word)} -d ${fishQuote(about)}`),
    ...flags.map((flag) => `${at} ${flagOptions(flag)}`),
    ...(argument === null || argument.kind === 'free' ? [] : [`${at} ${argumentOptions(argument)}`]),
  ];
}

function flagOptions({ name, char, about, value }: CompletedFlag): string {
  const short = char === null ? '' : ` -s ${char}`;
  const takes = value === null ? '' : ` ${valueOptions(value)}`;
  return `-l ${name}${short}${takes} -d ${fishQuote(about)}`;
}

function valueOptions(value: Value): string {
  switch (value.kind) {
    case 'choice':
      return `-x -a ${fishQuote(value.options.join(' '))}`;
    case 'file':
      return '-r -F';
    case 'folder':
      return `-x -a '(__fish_complete_directories)'`;
    case 'free':
      return '-x';
  }
}

function argumentOptions(value: Exclude<Value, { kind: 'free' }>): string {
  return value.kind === 'file' ? '-F' : valueOptions(value).replace('-x ', '');
}
