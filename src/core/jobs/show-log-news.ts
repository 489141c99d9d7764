import { formatCount } from '../format/count.ts';
import { harmless } from '../report/status-text.ts';
import type { LogNews } from './follow-log.ts';

/** What is to be printed of a piece of news. */
export type ShowNews = (news: LogNews, jobId: number) => Printed;

interface Printed {
  /** For stdout. */
  out?: string;
  /** For stderr. */
  note?: string;
}

/** For people: the log alone on stdout; all that is said about it on stderr, an outage once. */
export function newsAsText(): ShowNews {
  let isLost = false;
  return (news, jobId) => {
    const wasLost = isLost;
    isLost = news.kind === 'lost';
    switch (news.kind) {
      case 'waiting':
        return { note: `Job ${jobId} waits for a host.\n` };
      case 'lost':
        return wasLost ? {} : { note: `No answer: ${harmless(news.error.message)}. Trying again.\n` };
      case 'lines': {
        const { lines, skipped } = news.lines;
        const out = lines.map((line) => `${harmless(line)}\n`).join('');
        return skipped === 0
          ? { out }
          : { out, note: `(left out: ${formatCount(skipped)}; the host has the whole log)\n` };
      }
      case 'end': {
        const { attempt, outcome, error_cause: cause, error_message: message } = news.end;
        const ended = `Attempt ${attempt} of job ${jobId} ended in ${outcome}${cause === null ? '' : ` (${cause})`}`;
        return { note: `${harmless(message === null ? `${ended}.` : `${ended}: ${message}`)}\n` };
      }
      default:
        return news satisfies never;
    }
  };
}

/** For programs: one object a line (docs/json-output.md). What happens to the connection is said on stderr here, too. */
export function newsAsJson(): ShowNews {
  const noteOf = newsAsText();
  return (news, jobId) => {
    switch (news.kind) {
      case 'waiting':
      case 'lost':
        return noteOf(news, jobId);
      case 'lines':
        noteOf(news, jobId);
        return news.lines.lines.length === 0 ? {} : line({ event: 'lines', job_id: jobId, ...news.lines });
      case 'end':
        return line({ event: 'end', job_id: jobId, ...news.end });
      default:
        return news satisfies never;
    }
  };
}

function line(value: object): Printed {
  return { out: `${JSON.stringify(value)}\n` };
}
