import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { canonical } from './addresses.ts';

const address = signal(here());

/** The path of the page that is shown, without a slash at its end. */
export const path: ReadonlySignal<string> = computed(() => address.value.path);

/** What stands behind the `?`: filters and the like. */
export const query: ReadonlySignal<URLSearchParams> = computed(
  () => new URLSearchParams(address.value.query),
);

/** Goes to another page of ours; with `replace`, without a new entry in the browser's history. */
export function go(to: string, { replace = false }: { replace?: boolean } = {}): void {
  if (replace) history.replaceState(null, '', to);
  else {
    // Where somebody was on a page is where the way back leads.
    history.replaceState({ top: scrollY }, '');
    history.pushState(null, '', to);
  }
  address.value = here();
  if (!replace) scrollTo(0, 0);
}

/**
 * Sets parts of the query of the page that is shown; null and '' take them out. With `keep`, what it was
 * before stays in the browser's history.
 */
export function setQuery(
  changes: Readonly<Record<string, string | null>>,
  { keep = false }: { keep?: boolean } = {},
): void {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  const to = location.pathname + (text === '' ? '' : `?${text}`);
  if (to !== location.pathname + location.search) go(to, { replace: !keep });
}

/** From now on links to our pages are followed without loading them anew. */
export function followLinks(): void {
  const proper = canonical(location.pathname, new URLSearchParams(location.search));
  if (proper !== null) go(proper, { replace: true });
  addEventListener('popstate', ({ state }) => {
    address.value = here();
    const { top = 0 } = (state ?? {}) as { top?: number };
    // When the page is drawn: before that, it is not as long.
    requestAnimationFrame(() => requestAnimationFrame(() => scrollTo(0, top)));
  });
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest('a');
    if (link === null || !isOurs(event, link)) return;
    event.preventDefault();
    const { pathname, search } = urlOf(link);
    go(pathname + search);
  });
}

/** An `<a>` of a drawing has an animated string in the place of the address. */
function urlOf(link: Element): URL {
  return new URL(link.getAttribute('href') ?? '', location.href);
}

function isOurs(event: MouseEvent, link: Element): boolean {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!isPlain || event.defaultPrevented) return false;
  const href = link.getAttribute('href') ?? '';
  if (!href.startsWith('/') || link.hasAttribute('target') || link.hasAttribute('download')) return false;
  return urlOf(link).origin === location.origin && !link.hasAttribute('data-server');
}

function here(): { path: string; query: string } {
  return { path: location.pathname.replace(/(?<=.)\/+$/, ''), query: location.search };
}
