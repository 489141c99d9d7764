import { basename } from 'node:path';
import { crc32 } from 'node:zlib';

/**
 * Puts a checksum at the end of each line of a file, as its last field: a line that is valid JSON, but not
 * what was written, is found out. A line of a file of another name has another sum.
 */
export interface LineSeal {
  /** @param json an object that has fields, on one line */
  seal: (json: string) => string;
  /** What was sealed; null when this is not it any more. */
  unseal: (line: string) => string | null;
}

/** `,"sum":"` and `"}` around eight hex digits. */
const SUM_LENGTH = 18;

export function lineSeal(file: string): LineSeal {
  const seed = crc32(basename(file));
  const sumOf = (json: string): string => crc32(json, seed).toString(16).padStart(8, '0');
  const seal = (json: string): string => `${json.slice(0, -1)},"sum":"${sumOf(json)}"}`;
  return {
    seal,
    unseal(line) {
      const json = `${line.slice(0, -SUM_LENGTH)}}`;
      return line.endsWith(`,"sum":"${sumOf(json)}"}`) ? json : null;
    },
  };
}
