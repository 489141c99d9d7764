import type { LogPart } from '../domain/log-part.ts';

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

/** An event `lines` of GET /job/log?follow. Its id is the number of the line after them. */
export interface LogLinesRecord extends LogPart {
  attempt: number;
}

/** The last event, `end`, of GET /job/log?follow: the attempt is over. */
export interface LogEndRecord {
  attempt: number;
  outcome: string;
  error_cause: string | null;
  error_message: string | null;
}
