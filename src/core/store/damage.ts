import type { Document } from './collection.ts';
import type { ReadLines } from './read-lines.ts';

/** What was wrong with a file when it was loaded. */
export interface Damage {
  /** Lines that were not as they were written, and were dropped. */
  dropped: number;
  /** Lines that had been on disk for certain, and are not there any more. */
  missing: number;
  /**
   * Whether anything is lost that was acknowledged. It is not when the last lines were dropped, beyond
   * those that are known to have been on disk: they were being written when the process ended.
   */
  lost: boolean;
  /** Copy of the file as it was found; null: there was nothing in it, or no file. */
  copy: string | null;
}

/** null: the file is as it was written. */
export function assessDamage<T extends Document>(read: ReadLines<T>): Omit<Damage, 'copy'> | null {
  const { good, bad, badInside, head } = read;
  const missing = Math.max(0, (head ?? 0) - good);
  const lost = head === null || missing > 0 || badInside;
  return lost || bad > 0 ? { dropped: bad, missing, lost } : null;
}
