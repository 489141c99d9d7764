/**
 * Control characters, marks that turn the direction of text, and halves of surrogate pairs: a receiver may
 * show the text in a terminal or a page.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]+/gu;

/** Text from the network on one line, and no longer than that many characters. */
export function harmless(text: string, longest: number): string {
  const line = text.toWellFormed().replaceAll(UNSAFE, ' ').trim();
  return shortened(line, longest);
}

/** At most that many UTF-16 units, with an ellipsis in place of what is cut off; no character is cut in two. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/u, '')}…`;
}
