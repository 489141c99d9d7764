import type { CompletedFlag, CompletedWord, Place, Value } from './model.ts';
import { shellQuote } from './quote.ts';

/**
 * The completion script for zsh: to be sourced after compinit, or to be kept as `_replay` in a folder of
 * $fpath. The words of the command are taken off the line, and `_arguments` sees what follows.
 */
export function zshCompletion(bin: string, places: readonly Place[]): string {
  const paths = places.filter(({ path }) => path.length > 0).map(({ path }) => shellQuote(path.join(' ')));
  return `#compdef ${bin}
# zsh completion for ${bin}, made by: ${bin} completion zsh
_${bin}() {
  local curcontext="$curcontext" at= word
  local -a next
  integer i=2
  while (( i < CURRENT )); do
    word=$words[i]
    case "\${at:+$at }$word" in
      (${paths.join('|')}) at="\${at:+$at }$word" ;;
      (*) break ;;
    esac
    (( i++ ))
  done
  words=(${bin} "\${(@)words[i,-1]}")
  (( CURRENT -= i - 2 ))
  case "$at" in
${places.map(placeCase).join('\n')}
  esac
}
if (( ! $+functions[compdef] )); then
  print -u2 '${bin} completion: run "autoload -Uz compinit && compinit" before this'
elif [[ $funcstack[1] == _${bin} ]]; then
  _${bin} "$@"
else
  compdef _${bin} ${bin}
fi
`;
}

function placeCase({ path, next, flags, argument }: Place): string {
  const specs = [...flags.map(flagSpec), ...(argument === null ? [] : [`'*${valueSpec(argument)}'`])];
  const args = `_arguments -s -S ${specs.join(' ')}`;
  const lines =
    next.length === 0
      ? [args]
      : [
          'if (( CURRENT > 2 )) && [[ $words[2] != -* ]]; then return 1; fi',
          `if [[ $words[CURRENT] == -* ]]; then ${args}; return; fi`,
          `next=(${next.map(wordSpec).join(' ')})`,
          '_describe command next',
        ];
  return `    (${shellQuote(path.join(' '))})\n      ${lines.join('\n      ')}\n      ;;`;
}

function wordSpec({ word, about }: CompletedWord): string {
  return shellQuote(`${word.replaceAll(':', String.raw`\:`)}:${about}`);
}

/** `'(-f --format)'{-f+,--format=}'[about]:FORMAT:(text json)'` */
function flagSpec({ name, char, about, value, repeatable }: CompletedFlag): string {
  const long = value === null ? `--${name}` : `--${name}=`;
  const text = `[${about.replaceAll(/[\\[\]:]/gu, String.raw`\$&`)}]${value === null ? '' : valueSpec(value)}`;
  if (char === null) return shellQuote(`${repeatable ? '*' : ''}${long}${text}`);
  const before = repeatable ? "'*'" : `'(-${char} --${name})'`;
  return `${before}{-${char}${value === null ? '' : '+'},${long}}${shellQuote(text)}`;
}

function valueSpec(value: Value): string {
  switch (value.kind) {
    case 'choice':
      return `:value:(${value.options.join(' ')})`;
    case 'file':
      return ':file:_files';
    case 'folder':
      return ':directory:_files -/';
    case 'free':
      return `:${value.name.replaceAll(':', String.raw`\:`)}: `;
  }
}
