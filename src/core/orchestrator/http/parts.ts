/** How many items are written between two turns of the event loop: a millisecond or two of work. */
const ITEMS_AT_ONCE = 200;

export interface Frame {
  before: string;
  between: string;
  after: string;
}

/** A list as text: whole when it is short, else in parts that are made only when they are asked for. */
export function inParts<T>(
  items: readonly T[],
  frame: Frame,
  toText: (item: T) => string,
): string | Iterable<string> {
  const parts = partsOf(items, frame, toText);
  return items.length <= ITEMS_AT_ONCE ? [...parts].join('') : parts;
}

function* partsOf<T>(
  items: readonly T[],
  { before, between, after }: Frame,
  toText: (item: T) => string,
): Generator<string> {
  let lead = before;
  for (let first = 0; first < items.length; first += ITEMS_AT_ONCE) {
    const texts = items.slice(first, first + ITEMS_AT_ONCE).map(toText);
    yield lead + texts.join(between);
    lead = between;
  }
  yield items.length === 0 ? before + after : after;
}
