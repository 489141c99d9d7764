import type { ShortfallRecord } from '../../protocol/fleet-record.ts';

/** What could not be had, by zone and type, with the reason in the words of the place. */
export function Shortfalls({ shortfalls }: { shortfalls: readonly ShortfallRecord[] }) {
  const lines = new Map(shortfalls.map((shortfall) => [JSON.stringify(shortfall), shortfall]));
  return (
    <ul class="shortfalls">
      {Array.from(lines, ([key, { zone, type, code, reason }]) => {
        const place = [zone, type].filter((part) => part !== null).join(', ');
        return (
          <li key={key}>
            {place !== '' && <b>{place}: </b>}
            {reason} <span class="unknown">({code})</span>
          </li>
        );
      })}
    </ul>
  );
}
