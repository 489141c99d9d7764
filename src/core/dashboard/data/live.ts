import { batch, signal } from '@preact/signals';
import type { HostsEvent } from '../../protocol/host-record.ts';
import type { HelloRecord } from '../../protocol/events/server-event.ts';
import type { FullJobRecord } from '../../protocol/full-record.ts';
import type { JobTable } from '../../protocol/job-row.ts';
import type { SessionRecord } from '../../protocol/session-record.ts';
import type { SummaryRecord } from '../../protocol/summary-record.ts';
import { ApiError, getJson, signInAgain } from './api.ts';
import { lookForNewerPage } from './newer-page.ts';
import { timeNow } from './clock.ts';
import { readJson } from './read-json.ts';
import { applyHosts } from './hosts.ts';
import { applyJob, loadJobs, session, summary } from './store.ts';

export type Connection =
  | { state: 'connecting' }
  | { state: 'live' }
  /** Nobody looks at the page, and its connection was given back. */
  | { state: 'asleep' }
  /** Since when nothing is heard, and why if the orchestrator said so. */
  | { state: 'lost'; since: Date; reason: string | null };

export const connection = signal<Connection>({ state: 'connecting' });

/** The orchestrator says something every 10 seconds: silence for longer than this is a lost connection. */
const SILENCE_MS = 35_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
/** The title of a tab that nobody looks at is this old at most. */
const TITLE_MS = 60_000;

let source: EventSource | null = null;
let lastEventId = '';
/** Pages that show hosts. */
let hostReaders = 0;
let failures = 0;
let titles: ReturnType<typeof setInterval> | undefined;
let silence: ReturnType<typeof setTimeout> | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;
/** Events that came while the list they belong to was still on its way; null: nothing is on its way. */
let waiting: FullJobRecord[] | null = null;

/**
 * Follows the run for as long as somebody looks at the page. The browser's own reconnecting gives up at the first
 * answer that is not a stream, so connecting again is done here, and each time from the event seen last. A
 * browser has six connections to one server, for all of its tabs: a tab in the background gives its own back, and
 * goes on where it was when it is looked at again.
 */
export function startLive(): void {
  addEventListener('online', reconnectNow);
  const look = (): void => (document.hidden ? sleep() : wake());
  document.addEventListener('visibilitychange', look);
  look();
}

function sleep(): void {
  close();
  if (connection.peek().state !== 'lost') connection.value = { state: 'asleep' };
  const ask = (): void => {
    getJson<SummaryRecord>('/summary').then(
      (now) => {
        if (document.hidden) summary.value = now;
      },
      // The title tells what was known.
      () => undefined,
    );
  };
  if (summary.peek() === null) ask();
  clearInterval(titles);
  titles = setInterval(ask, TITLE_MS);
}

function wake(): void {
  clearInterval(titles);
  if (source === null) connect();
}

/**
 * From now on the stream tells of the hosts, too: it is opened anew, and goes on where it was.
 * @returns how to end that
 */
export function followHosts(): () => void {
  hostReaders += 1;
  if (hostReaders === 1) reopen();
  return () => {
    hostReaders -= 1;
    if (hostReaders === 0) reopen();
  };
}

function reopen(): void {
  if (source === null) return;
  close();
  connect();
}

/** Tries at once, if the connection is lost. */
export function reconnectNow(): void {
  if (connection.peek().state === 'lost' && source === null && !document.hidden) connect();
}

function connect(): void {
  clearTimeout(retry);
  const query = new URLSearchParams();
  if (lastEventId !== '') query.set('lastEventId', lastEventId);
  if (hostReaders > 0) query.set('hosts', '1');
  const opened = new EventSource(`/events?${query}`);
  source = opened;
  const on = (name: string, take: (data: string) => void): void =>
    opened.addEventListener(name, (event) => {
      if (source !== opened) return;
      expectMore();
      const { data, lastEventId: id } = event as MessageEvent<string>;
      take(data);
      if (id !== '') lastEventId = id;
    });
  on('hello', (data) => void greet(opened, readJson(data) as HelloRecord));
  on('job', (data) => takeJob(readJson(data) as FullJobRecord));
  on('summary', (data) => {
    summary.value = readJson(data) as SummaryRecord;
  });
  on('hosts', (data) => applyHosts(readJson(data) as HostsEvent));
  opened.addEventListener('error', () => {
    if (source === opened) void lose();
  });
  expectMore();
}

async function greet(opened: EventSource, { resumed }: HelloRecord): Promise<void> {
  try {
    if (!resumed) waiting = [];
    const [who, table] = await Promise.all([
      getJson<SessionRecord>('/session'),
      resumed ? null : getJson<JobTable>('/jobs'),
    ]);
    if (source !== opened) return;
    batch(() => {
      session.value = who;
      if (table !== null) loadJobs(table);
      for (const record of waiting ?? []) applyJob(record);
      waiting = null;
      connection.value = { state: 'live' };
    });
    failures = 0;
    // Another orchestrator may be another version.
    if (!resumed) void lookForNewerPage();
  } catch {
    // What was missed must be asked for again.
    lastEventId = '';
    if (source === opened) void lose();
  }
}

function takeJob(record: FullJobRecord): void {
  if (waiting === null) applyJob(record);
  else waiting.push(record);
}

function expectMore(): void {
  clearTimeout(silence);
  silence = setTimeout(() => void lose(), SILENCE_MS);
}

async function lose(): Promise<void> {
  close();
  const before = connection.peek();
  const since = before.state === 'lost' ? before.since : timeNow();
  connection.value = { state: 'lost', since, reason: before.state === 'lost' ? before.reason : null };
  const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
  failures += 1;
  retry = setTimeout(connect, delay / 2 + (Math.random() * delay) / 2);
  const reason = await whyNot();
  if (connection.peek().state === 'lost') connection.value = { state: 'lost', since, reason };
}

/** An EventSource does not tell why it failed; a plain request does. */
async function whyNot(): Promise<string | null> {
  try {
    await getJson('/session');
    return null;
  } catch (error) {
    if (!(error instanceof ApiError)) return null;
    if (error.status === 401) signInAgain();
    return error.message;
  }
}

function close(): void {
  clearTimeout(silence);
  clearTimeout(retry);
  source?.close();
  source = null;
  if (waiting !== null) {
    waiting = null;
    lastEventId = '';
  }
}
