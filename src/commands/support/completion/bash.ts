import type { Place, Value } from './model.ts';
import { shellQuote } from './quote.ts';

/**
 * The completion script for bash 4.1 and newer. bash takes `=` for a word of its own, which is why
 * `--format=` is looked at in two ways. A command line with another path to the program has the same
 * completion: bash goes by the last part of the path.
 */
export function bashCompletion(bin: string, places: readonly Place[]): string {
  const paths = places.filter(({ path }) => path.length > 0).map(({ path }) => shellQuote(path.join(' ')));
  return `# bash completion for ${bin}, made by: ${bin} completion bash
_${bin}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at= word i
  local IFS=$' \\t\\n'
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' ]]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "\${at:+$at }$word" in
      ${paths.join('|')}) at="\${at:+$at }$word" ;;
      *) break ;;
    esac
  done
  case "$at $prev" in
${places.flatMap(valueCases).join('\n')}
  esac
  local words= flags=
  case "$at" in
${places.map(placeCase).join('\n')}
  esac
  [[ $cur == -* || -z $words ]] && words=$flags
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _${bin} ${bin}
`;
}

/** What may follow each flag that takes a value. */
function valueCases({ path, flags }: Place): string[] {
  return flags.flatMap(({ name, char, value }) => {
    if (value === null) return [];
    const forms = char === null ? [`--${name}`] : [`--${name}`, `-${char}`];
    const pattern = forms.map((form) => shellQuote([...path, form].join(' '))).join('|');
    return [`    ${pattern}) ${offer(value)}; return ;;`];
  });
}

function offer(value: Value): string {
  switch (value.kind) {
    case 'choice':
      return `COMPREPLY=($(compgen -W ${shellQuote(value.options.join(' '))} -- "$cur"))`;
    case 'file':
      return 'compopt -o default';
    case 'folder':
      return 'compopt -o dirnames';
    case 'free':
      return ':';
  }
}

/** What may stand at a place itself. */
function placeCase({ path, next, flags, argument }: Place): string {
  const words = argument?.kind === 'choice' ? argument.options : next.map(({ word }) => word);
  const files = argument?.kind === 'file' || argument?.kind === 'folder' ? offer(argument) : null;
  // A word that leads nowhere is a mistake that the program explains better.
  const isLost = '(( i < COMP_CWORD )) && [[ ${COMP_WORDS[i]} != -* ]] && return';
  const lines = [
    ...(next.length === 0 ? [] : [isLost]),
    `words=${shellQuote(words.join(' '))}`,
    `flags=${shellQuote(flags.map(({ name }) => `--${name}`).join(' '))}`,
    ...(files === null ? [] : [`if [[ $cur != -* ]]; then ${files}; return; fi`]),
  ];
  return `    ${shellQuote(path.join(' '))})\n      ${lines.join('\n      ')}\n      ;;`;
}
