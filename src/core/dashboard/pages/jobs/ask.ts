import { setQuery } from '../../routing/router.ts';
import { FILTER_NAMES } from './filter.ts';

/** Shows all jobs again, in the order they are in. */
export function clearFilter(): void {
  setQuery(Object.fromEntries(FILTER_NAMES.map((name) => [name, null])), { keep: true });
}
