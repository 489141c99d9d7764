import { parseUtc } from '../../domain/time.ts';
import { formatDuration } from '../../format/duration.ts';
import { now } from './now.ts';

/** How long ago something was, by the orchestrator's clock: `12 s ago`. It goes on by itself. */
export function Ago({ at }: { at: string }) {
  const date = parseUtc(at);
  if (date === null) return <span class="unknown">–</span>;
  const ms = Math.max(0, now.value * 1000 - date.getTime());
  const utc = `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return (
    <time dateTime={date.toISOString()} title={utc}>
      {ms < 2000 ? 'just now' : `${formatDuration(ms)} ago`}
    </time>
  );
}
