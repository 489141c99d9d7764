import { formatCount } from '../../../format/count.ts';
import type { HostRow } from '../../../protocol/host-record.ts';
import {
  HOST_STANDINGS,
  HOST_STANDING_NAMES,
  hostStandingOf,
  type HostStanding,
} from '../../data/host-standing.ts';
import { HostMark } from '../../parts/host-standing.tsx';
import { query, setQuery } from '../../routing/router.ts';

/** What the table is narrowed to. */
export function chosenState(): HostStanding | null {
  const asked = query.value.get('state');
  return HOST_STANDINGS.find((state) => state === asked) ?? null;
}

/** Which hosts are shown: those in one state, or with a text in their names. */
export function Choice({ hosts }: { hosts: readonly HostRow[] }) {
  const chosen = chosenState();
  const counts = new Map<HostStanding, number>();
  for (const host of hosts) {
    const state = hostStandingOf(host);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return (
    <div class="choice" role="search" aria-label="Hosts to show">
      <div class="choice-states">
        <button
          type="button"
          class="chip"
          aria-pressed={chosen === null}
          onClick={() => setQuery({ state: null })}
        >
          all <b>{formatCount(hosts.length)}</b>
        </button>
        {HOST_STANDINGS.map((state) => (
          <button
            key={state}
            type="button"
            class="chip"
            aria-pressed={chosen === state}
            onClick={() => setQuery({ state: chosen === state ? null : state })}
          >
            <HostMark standing={state} />
            {HOST_STANDING_NAMES[state]} <b>{formatCount(counts.get(state) ?? 0)}</b>
          </button>
        ))}
      </div>
      <label class="choice-text">
        <span class="visually-hidden">Part of a name, an instance id or a version</span>
        <input
          type="search"
          placeholder="Name, instance, version"
          value={query.value.get('text') ?? ''}
          onInput={(event) => setQuery({ text: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}
