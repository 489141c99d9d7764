import { LEAP_PLACES } from './leap-places.ts';
import { SPRING_PLACES } from './spring-places.ts';

/**
 * The form of one release of nodeos: where in its source each line of the log comes from, and the texts
 * that differ between releases. Everything here is taken from logs of the real programs.
 */
export interface Form {
  readonly product: 'leap' | 'spring';
  /** As `--version` prints it, with the label that says that this is not nodeos. */
  readonly version: string;
  readonly fullVersion: string;
  /** Highest version of chain snapshots that it reads. */
  readonly maxSnapshotVersion: number;
  readonly utility: string;
  /** `file:line function` of a line of the log, by our name for it. Asking for one the release lacks is a defect. */
  at(name: string): string;
}

/** Commit that a real build would name; this one is no build. */
const NO_COMMIT = '0'.repeat(40);

/** The form for a version such as `1.2.2`. Source positions are those of Spring 1.2.2 and Leap 5.0.3. */
export function formOf(version: string, product: 'leap' | 'spring'): Form {
  const label = `v${version}-stand-in`;
  const places = product === 'spring' ? SPRING_PLACES : LEAP_PLACES;
  return {
    product,
    version: label,
    fullVersion: `${label}-${NO_COMMIT}`,
    maxSnapshotVersion: product === 'spring' ? 8 : 6,
    utility: product === 'spring' ? 'spring-util' : 'leap-util',
    at: (name) => {
      const place = places[name];
      if (place === undefined) throw new Error(`${product} has no place for the line '${name}'`);
      return place;
    },
  };
}
