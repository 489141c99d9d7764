import { copyFileSync } from 'node:fs';

/** What could not be read when a file was loaded. */
export interface Damage {
  /** Lines that were dropped; more than one, or one that is not the last, means more than a torn write. */
  lines: number;
  /** Whether only the last line was dropped, as it is after a crash in the middle of a write. */
  onlyLast: boolean;
  /** Copy of the file as it was found. */
  copy: string;
}

/** Counts the lines of a file while NeDB loads it, and saves the file before lines that cannot be read are lost. */
export interface LineWatch {
  see: (line: string) => void;
  count: () => number;
  damage: () => Damage | null;
}

export function watchLines(file: string): LineWatch {
  const copy = `${file}.damaged-${Date.now()}`;
  let count = 0;
  let lines = 0;
  let lastBad = 0;
  return {
    see(line) {
      count += 1;
      if (line === '' || isJson(line)) return;
      if (lines === 0) copyFileSync(file, copy);
      lines += 1;
      lastBad = count;
    },
    count: () => count,
    damage: () => (lines === 0 ? null : { lines, onlyLast: lines === 1 && lastBad === count, copy }),
  };
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
