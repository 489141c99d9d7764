/** A block id or a state hash in full: 64 lower-case hex digits. A part of a regular expression. */
export const BLOCK_ID = '[0-9a-f]{64}';

const HASH = new RegExp(`^${BLOCK_ID}$`);

/** Whether a text is a whole hash (or block id) and not one that was cut off. */
export function isHash(text: string): boolean {
  return HASH.test(text);
}

/** The number of the block with this id: the first eight hex digits of an id are the block's number. */
export function blockNumberOf(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16);
}
