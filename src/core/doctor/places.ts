import { AttemptFailure } from '../domain/attempt-failure.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import { describeLocation, parseLocation } from '../storage/location.ts';
import type { Location } from '../storage/location.ts';
import { locateJobFiles } from '../worker/job-files.ts';

/** Something in storage that can be looked at. */
export interface Place {
  location: Location;
  /** `folder`: listed. `either`: a person named it, and it may be one. */
  kind: 'file' | 'folder' | 'either';
  /** The slices that need it. */
  slices: FullJobRecord[];
}

/**
 * Where the files of some slices are, each place once: snapshots, genesis files, folders of blocks. Slices
 * whose addresses are of no known form are left out: `serve` refuses such a manifest.
 */
export function placesOfSlices(jobs: readonly FullJobRecord[]): Place[] {
  const places = new Map<string, Place>();
  const add = (location: Location | null, kind: Place['kind'], job: FullJobRecord): void => {
    if (location === null) return;
    const known = places.get(keyOf(location));
    if (known === undefined) places.set(keyOf(location), { location, kind, slices: [job] });
    else if (!known.slices.includes(job)) known.slices.push(job);
  };
  for (const job of jobs) {
    const files = filesOf(job);
    add(files?.snapshot ?? null, 'file', job);
    add(files?.genesis ?? null, 'file', job);
    add(files?.blocks ?? null, 'folder', job);
  }
  return [...places.values()];
}

/**
 * A place as a person names it. A slash at the end says that it is a folder.
 * @throws AttemptFailure `bad-job` for an address of an unknown form
 */
export function placeOf(text: string): Place {
  return { location: parseLocation(text), kind: text.endsWith('/') ? 'folder' : 'either', slices: [] };
}

export function keyOf(location: Location): string {
  return location.kind === 'http' ? location.url : describeLocation(location);
}

function filesOf(job: FullJobRecord): ReturnType<typeof locateJobFiles> | null {
  try {
    return locateJobFiles(job);
  } catch (error) {
    if (error instanceof AttemptFailure) return null;
    throw error;
  }
}
