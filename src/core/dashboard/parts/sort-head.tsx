import { query, setQuery } from '../routing/router.ts';

/**
 * How a table is sorted: stands in the address as `sort=NAME`, or `sort=-NAME` from the last to the first.
 * @param param in the place of `sort`, for another table on the same page
 */
export function sortOf(
  names: readonly string[],
  otherwise: string,
  param = 'sort',
): { name: string; backwards: boolean } {
  const asked = query.value.get(param) ?? otherwise;
  const backwards = asked.startsWith('-');
  const name = backwards ? asked.slice(1) : asked;
  return names.includes(name) ? { name, backwards } : { name: otherwise, backwards: false };
}

interface SortHeadProps {
  name: string;
  title: string;
  sorted: { name: string; backwards: boolean };
  /** Classes, as `number`: numbers stand at the right. */
  look?: string;
  /** As of `sortOf`. */
  param?: string;
}

/** The head of a column by which the table can be sorted: once, and once more the other way round. */
export function SortHead({ name, title, sorted, look = '', param = 'sort' }: SortHeadProps) {
  const isSorted = sorted.name === name;
  const next = isSorted && !sorted.backwards ? `-${name}` : name;
  const order = sorted.backwards ? 'descending' : 'ascending';
  return (
    <th scope="col" class={look === '' ? undefined : look} aria-sort={isSorted ? order : undefined}>
      <button type="button" class="sort" onClick={() => setQuery({ [param]: next })}>
        {title}
        <span aria-hidden="true" class="sort-mark">
          {isSorted ? (sorted.backwards ? '▾' : '▴') : ''}
        </span>
      </button>
    </th>
  );
}
