import { describe, expect, test } from 'vitest';
import type { LogNews } from '../../../src/core/jobs/follow-log.ts';
import { newsAsJson, newsAsText, type ShowNews } from '../../../src/core/jobs/show-log-news.ts';
import { OrchestratorError } from '../../../src/core/protocol/client-error.ts';

const lines = (texts: string[], skipped = 0): LogNews => ({
  kind: 'lines',
  lines: { attempt: 2, from: 5, lines: texts, skipped },
});

const lost: LogNews = { kind: 'lost', error: new OrchestratorError('unreachable', 'the connection was cut') };

const ended: LogNews = {
  kind: 'end',
  end: { attempt: 2, outcome: 'ERROR', error_cause: 'stalled', error_message: 'nothing\u001B[2J moves' },
};

function shown(show: ShowNews, ...news: LogNews[]): { out: string; note: string } {
  const pieces = news.map((piece) => show(piece, 7));
  const all = (name: 'out' | 'note') => pieces.map((piece) => piece[name] ?? '').join('');
  return { out: all('out'), note: all('note') };
}

describe('a log that is followed', () => {
  test('as text is the lines alone, harmless, and all else goes to stderr', () => {
    expect(shown(newsAsText(), { kind: 'waiting' }, lines(['a\u001B]0;title\u0007b', '']), ended)).toEqual({
      out: 'ab\n\n',
      note: 'Job 7 waits for a host.\nAttempt 2 of job 7 ended in ERROR (stalled): nothing moves\n',
    });
  });

  test('says where lines are left out, before those that follow', () => {
    expect(shown(newsAsText(), lines(['x'], 1234)).note).toBe(
      '(left out: 1,234; the host has the whole log)\n',
    );
  });

  test('says once that no answer comes, until one has come', () => {
    const once = 'No answer: the connection was cut. Trying again.\n';
    expect(shown(newsAsText(), lost, lost, lines([]), lost).note).toBe(once + once);
  });

  test('as JSON is one object a line', () => {
    const { out, note } = shown(newsAsJson(), lines([]), lines(['x\u001B[1m']), lost, lost, ended);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { event: 'lines', job_id: 7, attempt: 2, from: 5, lines: ['x\u001B[1m'], skipped: 0 },
      {
        event: 'end',
        job_id: 7,
        attempt: 2,
        outcome: 'ERROR',
        error_cause: 'stalled',
        error_message: 'nothing\u001B[2J moves',
      },
    ]);
    expect(note).toBe('No answer: the connection was cut. Trying again.\n');
  });
});
