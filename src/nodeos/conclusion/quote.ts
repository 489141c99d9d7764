import type { Observation } from '../log/observation.ts';

// `3190000 block_log_exception: Block log exception`, `13 St13__ios_failure: basic_ios::clear: …`
const EXCEPTION = /^\d+ \w+: /;
const BOOST_WHAT = /^std::exception::what: /;
/** Where in boost's sources it happened. */
const BOOST_PLACE = / \[system:\d+ at .*$/;
const MAX_QUOTE = 300;

/** A line of nodeos without what only its authors need. */
export function plain(line: string): string {
  return line
    .trim()
    .replace(EXCEPTION, '')
    .replace(BOOST_WHAT, '')
    .replace(BOOST_PLACE, '')
    .slice(0, MAX_QUOTE);
}

/** Whether a line is the title of an exception, or a source position: the sentence beside it says more. */
export function needsContext(line: string): boolean {
  return EXCEPTION.test(line) || /^\s/.test(line);
}

/**
 * What nodeos complained of last, in one line: the exception that ended it with the sentence below
 * it, or else its last warning or error. Null when it complained of nothing.
 */
export function lastComplaint(o: Observation): string | null {
  const what = o.errors.findLast((line) => BOOST_WHAT.test(line));
  if (what !== undefined) return plain(what);
  const at = o.errors.findLastIndex((line) => EXCEPTION.test(line));
  const exception = o.errors[at];
  if (exception === undefined) {
    const last = o.errors.at(-1);
    return last === undefined ? null : plain(last);
  }
  const below = o.errors[at + 1];
  // Indented lines are data and source positions; `rethrow` only repeats.
  const detail = below === undefined || /^(?:\s|rethrow|appbase: )/.test(below) ? '' : `: ${plain(below)}`;
  return `${plain(exception)}${detail}`.slice(0, MAX_QUOTE);
}
