import { pino } from 'pino';
import { formatLine } from './format-line.ts';
import { redact } from './redact.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line an event: what happened as text, everything variable as fields. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface LoggerOptions {
  /** `text` for people, `json` for machines: one JSON object a line. */
  format: 'text' | 'json';
  level: LogLevel;
  stream: { write(text: string): unknown };
}

/** Secrets are taken out of the fields and of the message before anything is written. */
export function createLogger({ format, level, stream }: LoggerOptions): Logger {
  const destination =
    format === 'json' ? stream : { write: (line: string) => stream.write(formatLine(line)) };
  const log = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // Errors are plain objects by then; pino would mix the message with that of the cause.
      serializers: { err: (error: unknown) => error },
    },
    { write: (line) => void destination.write(line) },
  );
  const write = (name: LogLevel) => (fields: object, message: string) => {
    if (log.isLevelEnabled(name)) log[name](redact(fields) as object, redact(message) as string);
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** A logger that writes nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
