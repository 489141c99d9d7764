import type { StandInIo } from './io.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** Writes lines in the form of nodeos's own log. */
export interface NodeLog {
  /** `place` is `file:line function`, as the real program names it. */
  line(level: Level, place: string, message: string, thread?: string): void;
  /** Text without the columns: continuation lines, and what nodeos prints beside its log. */
  raw(text: string): void;
}

export function createNodeLog(io: StandInIo): NodeLog {
  return {
    line: (level, place, message, thread = 'nodeos') =>
      io.writeError(`${formatLine(level, io.now(), thread, place, message)}\n`),
    raw: (text) => io.writeError(text),
  };
}

/**
 * One line of the log: level, UTC time with milliseconds and without Z, thread (cut to nine characters),
 * file (cut to 22) and source line, function (cut to 20), message. The columns are those of the real logs.
 */
export function formatLine(level: Level, time: Date, thread: string, place: string, message: string): string {
  const [, file = '', sourceLine = '', name = ''] = /^(.*):(\d+) (.*)$/.exec(place) ?? [];
  const source = `${file.slice(0, 22)}:${sourceLine}`;
  const stamp = time.toISOString().slice(0, -1);
  return `${level.padEnd(5)} ${stamp} ${thread.slice(0, 9).padEnd(9)} ${source.padEnd(29)} ${name.slice(0, 20).padEnd(20)} ] ${message}`;
}
