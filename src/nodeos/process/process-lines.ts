import { StringDecoder } from 'node:string_decoder';

/** Longer lines are cut for the observer (exceptions with a whole transaction in them); the log on disk has all. */
const MOST_LINE_LENGTH = 64 * 1024;

export interface LineSplitter {
  push(chunk: Buffer): void;
  /** Hands over the last line when it had no line feed. */
  end(): void;
}

/**
 * Cuts a stream of bytes into lines (without their line feed), in bounded memory: of a line that is
 * longer than `maxLength` characters the beginning is handed over, once it has ended.
 */
export function splitLines(
  onLine: (line: string) => void,
  maxLength: number = MOST_LINE_LENGTH,
): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string): void => {
    const lines = text.split('\n');
    for (const [index, part] of lines.entries()) {
      rest += part.slice(0, maxLength - rest.length);
      if (index === lines.length - 1) return;
      onLine(rest);
      rest = '';
    }
  };
  return {
    push: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
