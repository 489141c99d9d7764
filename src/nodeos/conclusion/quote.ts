import type { Observation } from '../observation.ts';

// `3190000 block_log_exception: Block log exception`, `13 St13__ios_failure: basic_ios::clear: …`
const EXCEPTION = /^\d+ \w+: /;
const BOOST_WHAT = /^std::exception::what: (.*)$/;
const MAX_QUOTE = 300;

/**
 * What nodeos complained of last, in one line: the exception that ended it with the sentence below
 * it, or else its last warning or error. Null when it complained of nothing.
 */
export function lastComplaint(o: Observation): string | null {
  const what = o.errors.findLast((line) => BOOST_WHAT.test(line));
  if (what !== undefined) return what.replace(BOOST_WHAT, '$1');
  const at = o.errors.findLastIndex((line) => EXCEPTION.test(line));
  if (at === -1) return o.errors.at(-1)?.trim().slice(0, MAX_QUOTE) ?? null;
  const exception = (o.errors[at] ?? '').replace(/^\d+ \w*exception: /, '');
  const below = o.errors[at + 1];
  // Indented lines are data and source positions; `rethrow` only repeats.
  const detail = below === undefined || /^(?:\s|rethrow|appbase: )/.test(below) ? '' : `: ${below}`;
  return `${exception}${detail}`.slice(0, MAX_QUOTE);
}
