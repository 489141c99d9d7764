import type { LogEndRecord, LogLinesRecord, LogPartAnswer } from '../log-text.ts';
import {
  BOOLEAN,
  described,
  INTEGER,
  list,
  nullable,
  oneOf,
  record,
  STRING,
  type Schemas,
} from './schema.ts';

/** Only the answer to a part says more than the status. */
type LogAnswer = Pick<LogPartAnswer, 'status'> & Partial<LogPartAnswer>;

export const LOG_SCHEMAS = {
  LogAnswer: record<LogAnswer>(
    {
      status: oneOf(['stored', 'gap']),
      next: described(INTEGER, 'With from: number of the line that is wanted next.'),
      followed: described(BOOLEAN, 'With from: somebody has read the log lately.'),
    },
    { optional: ['next', 'followed'] },
  ),
  LogLines: record<LogLinesRecord>({
    attempt: INTEGER,
    from: INTEGER,
    lines: list(STRING),
    skipped: INTEGER,
  }),
  LogEnd: record<LogEndRecord>({
    attempt: INTEGER,
    outcome: STRING,
    error_cause: nullable(STRING),
    error_message: nullable(STRING),
  }),
} satisfies Schemas;
