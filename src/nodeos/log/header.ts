/** The level column of a nodeos log line. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface HeaderedLine {
  readonly level: LogLevel;
  /** What follows the header. The source line, the function and the thread say nothing that lasts. */
  readonly message: string;
}

/**
 * Lines longer than this are cut before anything looks at them: with some settings nodeos prints
 * whole transaction traces, and no line that counts as evidence comes anywhere near it.
 */
export const MAX_LINE_LENGTH = 2000;

// `info  2026-11-22T11:25:30.362 nodeos    main.cpp:158                  main                 ] nodeos started`
// The thread column is the executable's name, or `net-2`, `chain-0`, …, cut to nine characters.
const HEADER =
  /^(debug|info|warn|error) +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)? +[^\]]{1,9} +[^\s:\]]+:\d+ +[^\]]{1,30}\](?: (.*))?$/;

/** Splits a line into level and message; null when it does not begin with the header of nodeos's logger. */
export function splitHeader(line: string): HeaderedLine | null {
  const match = HEADER.exec(line);
  if (match === null) return null;
  return { level: match[1] as LogLevel, message: (match[2] ?? '').trimEnd() };
}
