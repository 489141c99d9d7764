import { stripVTControlCharacters } from 'node:util';

/**
 * What a host sent, for a terminal: without colours, and without anything else that a terminal would take
 * for a command. Line feeds stay; a tab becomes a space.
 */
export function harmless(text: string): string {
  return (
    stripVTControlCharacters(text)
      .replaceAll(/\r\n/gu, '\n')
      .replaceAll('\t', ' ')
      // Unicode's control characters, and those that turn the direction of writing.
      .replaceAll(/[^\P{Cc}\n]|[\u202A-\u202E\u2066-\u2069]/gu, '')
  );
}

/** The same on one line, for a cell. */
export function oneLine(text: string): string {
  // Most cells are plain, and there may be a hundred thousand of them.
  return /^[\x20-\x7E]*$/u.test(text) ? text : harmless(text).replaceAll(/\s*\n\s*/gu, ' ');
}

/** A line of at most so many characters; what is cut off is marked. */
export function clip(line: string, width: number): string {
  if (line.length <= width) return line;
  const characters = Array.from(line);
  return characters.length <= width ? line : `${characters.slice(0, Math.max(width - 1, 0)).join('')}…`;
}
