/** Media type of server-sent events (WHATWG HTML, 9.2). */
export const EVENT_STREAM_TYPE = 'text/event-stream';

/** The longest silence on a stream that is alive: a comment is sent at least this often. Milliseconds. */
export const HEARTBEAT_MS = 15_000;

/** The first event of each connection to GET /events. */
export interface HelloRecord {
  run_id: number;
  /**
   * The stream goes on behind the `Last-Event-ID` that was sent. If not, what the reader knows of the run
   * is out of date: it has to read /status.
   */
  resumed: boolean;
}

/** One event on its way. */
export interface ServerEvent {
  name: string;
  /** JSON on one line. */
  data: string;
  /** Where a reader goes on that has seen all up to here; absent: as before. */
  id?: string | undefined;
}

/** An event as it stands in the stream. Neither name, id nor data may hold a line break. */
export function eventText({ name, data, id }: ServerEvent): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `event: ${name}\n${idLine}data: ${data}\n\n`;
}
