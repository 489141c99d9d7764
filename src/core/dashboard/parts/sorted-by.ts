/** `replay-9` before `replay-10`. */
const NAMES = new Intl.Collator('en', { numeric: true });

interface Order<Item> {
  /** Of two that are alike otherwise. */
  nameOf: (item: Item) => string;
  /** null comes last, whichever way round. */
  valueOf: (item: Item) => string | number | null;
  backwards: boolean;
}

/** A table in its order. Pure. */
export function sortedBy<Item>(
  items: readonly Item[],
  { nameOf, valueOf, backwards }: Order<Item>,
): readonly Item[] {
  const way = backwards ? -1 : 1;
  const keyed = items.map((item) => ({ item, name: nameOf(item), value: valueOf(item) }));
  keyed.sort((one, other) => {
    const byName = NAMES.compare(one.name, other.name);
    if (one.value === null || other.value === null) {
      return Number(one.value === null) - Number(other.value === null) || byName;
    }
    return way * compared(one.value, other.value) || byName;
  });
  return keyed.map(({ item }) => item);
}

function compared(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return NAMES.compare(String(one), String(other));
}
