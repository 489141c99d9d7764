import { parseUtc } from '../../domain/time.ts';
import { timeNow } from '../data/clock.ts';

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const MINUTES = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const SECONDS = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const ZONED = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long', hourCycle: 'h23' });

interface TimeProps {
  /** UTC as it stands in the records, or a date; null: not known. */
  at: string | Date | null;
  /** Down to the second. */
  seconds?: boolean;
  /** The day even when it is today. */
  day?: boolean;
}

/** A time in the viewer's zone; UTC and the zone when the pointer rests on it. */
export function Time({ at, seconds = false, day = false }: TimeProps) {
  const date = typeof at === 'string' ? parseUtc(at) : at;
  if (date === null) return <span class="unknown">–</span>;
  const utc = `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const time = (seconds ? SECONDS : MINUTES).format(date);
  const text = day || !isToday(date) ? `${DAY.format(date)}, ${time}` : time;
  return (
    <time dateTime={date.toISOString()} title={`${utc}\n${ZONED.format(date)}`}>
      {text}
    </time>
  );
}

function isToday(date: Date): boolean {
  return date.toDateString() === timeNow().toDateString();
}
