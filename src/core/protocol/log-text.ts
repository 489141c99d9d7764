/** Lines as a body or a file: each ends in a line feed, so that an empty line is not taken for none. */
export function textOfLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** The lines of a text, whether or not its last one ends in a line feed. */
export function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/u, '').split('\n');
}

/** What POST /job/log answers to a part of a log (docs/protocol.md). */
export interface LogPartAnswer {
  /** `gap`: nothing was taken, because lines before the part are missing here. */
  status: 'stored' | 'gap';
  /** Number of the line that is wanted next. */
  next: number;
  /** Somebody reads the log now. */
  followed: boolean;
}
