import { printParseErrorCode, visit } from 'jsonc-parser';
import type { ManifestProblem } from './problem.ts';

/** By the names that jsonc-parser has for them; what is not listed is told by its name. */
const MEANING: Readonly<Record<string, string>> = {
  InvalidSymbol:
    'this is no JSON value (true, false and null are written in small letters, strings in double quotes)',
  InvalidNumberFormat: 'this is no JSON number',
  PropertyNameExpected: 'a key in double quotes is expected here (no comma stands after the last field)',
  ValueExpected: 'a value is expected here (no comma stands after the last entry)',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is expected here',
  CloseBraceExpected: 'a closing } is missing here',
  CloseBracketExpected: 'a closing ] is missing here',
  EndOfFileExpected: 'the list has ended, and nothing may follow it',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'the closing quote of this string is missing',
  UnexpectedEndOfNumber: 'this number is cut off',
  InvalidUnicode: 'this is no valid \\u escape',
  InvalidEscapeCharacter: 'this is no valid escape in a JSON string',
  InvalidCharacter: 'this character is not allowed here',
};

/**
 * Where a text that is not valid JSON goes wrong. Only the first place is told: those after it are
 * mostly consequences of it.
 */
export function explainSyntax(text: string): ManifestProblem {
  if (text.trim() === '') return problem(1, 'the file is empty; expected a JSON list of slices');
  const found: { line: number; column: number; name: string }[] = [];
  visit(
    text,
    {
      onError: (code, _offset, _length, line, character) => {
        found.push({ line: line + 1, column: character + 1, name: printParseErrorCode(code) });
      },
    },
    { disallowComments: true },
  );
  const first = found[0];
  if (first === undefined) return problem(null, 'not valid JSON');
  const { line, column, name } = first;
  return problem(line, `not valid JSON at column ${column}: ${MEANING[name] ?? name}`);
}

function problem(line: number | null, message: string): ManifestProblem {
  return { code: 'syntax', sliceId: null, line, field: null, value: undefined, message };
}
