/** ANSI colours by what a status or a verdict means. */
const RED = 31;
const GREEN = 32;
const YELLOW = 33;
const CYAN = 36;

const COLOURS: Readonly<Record<string, number>> = {
  ERROR: RED,
  TIMEOUT: RED,
  HASH_MISMATCH: RED,
  MISMATCH: RED,
  PENDING: YELLOW,
  UNVERIFIABLE: YELLOW,
  STARTED: CYAN,
  LOADING_SNAPSHOT: CYAN,
  WORKING: CYAN,
  COMPLETE: GREEN,
  VERIFIED: GREEN,
};

/** A cell of the table, or a field of a slice: the word stands alone between what surrounds it. */
const WORDS = new RegExp(
  `(?<=│ |^(?:status|verdict) +)(?:${Object.keys(COLOURS).join('|')})(?= *(?:│|$))`,
  'gmu',
);

/** Adds colours to a rendered table or slice, for a terminal that shows them. Widths are as before. */
export function paint(text: string): string {
  return text.replaceAll(WORDS, (word) => `\u001B[${COLOURS[word]}m${word}\u001B[0m`);
}
