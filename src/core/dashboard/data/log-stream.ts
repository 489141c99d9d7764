import type { LogEndRecord, LogLinesRecord } from '../../protocol/log-text.ts';
import { readJson } from './read-json.ts';

interface LogListener {
  lines(record: LogLinesRecord): void;
  /** The attempt is over, and so is its log. */
  end(record: LogEndRecord): void;
  /** Whether it is being read at the moment. */
  connected(isConnected: boolean): void;
}

const RETRY_MS = 3000;

/**
 * Follows the log of an attempt until it is over; returns how to stop. A browser opens few connections to one
 * server, over all of its tabs: while nobody looks at the page it gives this one back, and goes on afterwards
 * where it was.
 */
export function followLog(jobId: number, attempt: number, listener: LogListener): () => void {
  let source: EventSource | null = null;
  let next = '';
  let isOver = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const close = (): void => {
    clearTimeout(retry);
    source?.close();
    source = null;
  };
  const open = (): void => {
    if (isOver || source !== null || document.hidden) return;
    const from = next === '' ? '' : `&lastEventId=${next}`;
    const opened = new EventSource(`/job/log?jobid=${jobId}&attempt=${attempt}&follow${from}`);
    source = opened;
    opened.addEventListener('lines', (event) => {
      const { data, lastEventId } = event as MessageEvent<string>;
      next = lastEventId;
      listener.connected(true);
      listener.lines(readJson(data) as LogLinesRecord);
    });
    opened.addEventListener('end', (event) => {
      isOver = true;
      close();
      listener.end(readJson((event as MessageEvent<string>).data) as LogEndRecord);
    });
    opened.addEventListener('error', () => {
      close();
      listener.connected(false);
      retry = setTimeout(open, RETRY_MS);
    });
  };
  const follow = (): void => {
    if (document.hidden) close();
    else open();
  };
  document.addEventListener('visibilitychange', follow);
  open();
  return () => {
    isOver = true;
    close();
    document.removeEventListener('visibilitychange', follow);
  };
}
