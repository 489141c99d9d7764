/**
 * Characters that turn the direction of what follows: an error message that has one can make a page say something
 * else than what stands in the record. Those that only belong to a script do no harm.
 */
const TURNING = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

/** As they are, or as JSON writes them. */
const MAY_TURN = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]|\\u(?:200[ef]|061c|202[a-e]|206[6-9])/iu;

/** Reads JSON of the orchestrator. In the place of a character that turns the direction stands U+FFFD. */
export function readJson(text: string): unknown {
  // Most texts are plain, and some are large.
  return MAY_TURN.test(text) ? JSON.parse(text, straight) : JSON.parse(text);
}

function straight(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll(TURNING, '\ufffd') : value;
}
