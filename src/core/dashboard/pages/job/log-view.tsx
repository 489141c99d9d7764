import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { formatCount } from '../../../format/count.ts';
import type { LogEndRecord, LogLinesRecord } from '../../../protocol/log-text.ts';
import { followLog } from '../../data/log-stream.ts';

interface Shown {
  /** Number of the first line that is shown, counted from 0. */
  from: number;
  lines: readonly string[];
  end: LogEndRecord | null;
  /** null: nothing was heard yet. */
  isConnected: boolean | null;
}

type News = { lines: LogLinesRecord } | { end: LogEndRecord } | { isConnected: boolean };

/** The orchestrator keeps 500; who follows may see some more. */
const MOST_LINES = 1000;
const NOTHING: Shown = { from: 0, lines: [], end: null, isConnected: null };

/** The last lines of an attempt's log, and those that come. Who has scrolled up is left where they are. */
export function LogView({ jobId, attempt }: { jobId: number; attempt: number }) {
  const [shown, tell] = useReducer<Shown, News>(reduce, NOTHING);
  const place = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useEffect(
    () =>
      followLog(jobId, attempt, {
        lines: (lines) => tell({ lines }),
        end: (end) => tell({ end }),
        connected: (isConnected) => tell({ isConnected }),
      }),
    [jobId, attempt],
  );
  useLayoutEffect(() => {
    const { current } = place;
    if (current !== null && isAtEnd.current) current.scrollTop = current.scrollHeight;
  }, [shown.lines]);
  const { from, lines, end, isConnected } = shown;
  return (
    <>
      <pre
        ref={place}
        class="log-lines"
        hidden={lines.length === 0}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={`Last log lines of attempt ${attempt}`}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollTop + clientHeight >= scrollHeight - 24;
        }}
      >
        {from > 0 && lines.length > 0 && (
          <span class="log-before">
            ({formatCount(from)} lines before; the host has the whole log){'\n'}
          </span>
        )}
        {lines.map((line, at) => (
          <span key={from + at}>
            {line}
            {'\n'}
          </span>
        ))}
      </pre>
      <p class="log-state">
        {lines.length === 0 &&
          isConnected !== null &&
          (end === null ? 'No line yet. ' : 'No line of it is kept. ')}
        {end === null && isConnected === true && (
          <>
            <span class="live-dot" aria-hidden="true" /> Live: what comes is added.
          </>
        )}
        {end === null && isConnected === false && 'The connection is lost. Trying again.'}
        {end !== null && 'The attempt is over.'}
      </p>
    </>
  );
}

function reduce(shown: Shown, news: News): Shown {
  if ('isConnected' in news) return shown.isConnected === news.isConnected ? shown : { ...shown, ...news };
  if ('end' in news) return { ...shown, ...news };
  const { from, lines } = news.lines;
  if (lines.length === 0) return shown;
  // Lines that were left out between the last and these are told by the number of the first.
  const goesOn = from === shown.from + shown.lines.length;
  const all = goesOn ? [...shown.lines, ...lines] : lines;
  const kept = all.slice(-MOST_LINES);
  return { ...shown, lines: kept, from: from + lines.length - kept.length };
}
