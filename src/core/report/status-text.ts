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
