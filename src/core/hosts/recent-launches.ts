import type { ProvidedHost } from './provider.ts';

/** A host that was launched may be missing in the list of its place for so long. */
const UNLISTED_MS = 5 * 60_000;

/** Hosts that were launched by this process, and perhaps are not listed by their place yet. */
export class RecentLaunches {
  readonly #now: () => number;
  #hasAny = false;
  readonly #launched = new Map<string, { host: ProvidedHost; at: number }>();

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether any host was launched. */
  get hasAny(): boolean {
    return this.#hasAny;
  }

  add(hosts: readonly ProvidedHost[]): void {
    if (hosts.length > 0) this.#hasAny = true;
    for (const host of hosts) this.#launched.set(host.id, { host, at: this.#now() });
  }

  /** What the place lists, and what it will. */
  complete(listed: readonly ProvidedHost[]): ProvidedHost[] {
    const known = new Set(listed.map(({ id }) => id));
    for (const [id, { at }] of this.#launched) {
      if (known.has(id) || this.#now() - at > UNLISTED_MS) this.#launched.delete(id);
    }
    return [...listed, ...Array.from(this.#launched.values(), ({ host }) => host)];
  }
}
