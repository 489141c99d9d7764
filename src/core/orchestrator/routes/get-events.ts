import { pythonJson } from '../../protocol/python-json.ts';
import type { HostsEvent } from '../../protocol/host-record.ts';
import type { HelloRecord, ServerEvent } from '../../protocol/events/server-event.ts';
import { toFullRecord } from '../../protocol/to-full-record.ts';
import type { Context } from '../context.ts';
import type { EventStream } from '../http/event-stream.ts';
import { HttpError, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { recordContext } from '../record-context.ts';
import { findJob } from './get-job.ts';
import { summaryRecord } from '../summary-of.ts';

/** Jobs between two looks at whether the reader keeps up. */
const JOBS_AT_ONCE = 100;

/**
 * GET /events[?jobid=N][&hosts=1]: every change of a job, or of this one, the numbers of the run, and when it is
 * asked for how the hosts change.
 */
export async function getEvents(request: ApiRequest, context: Context): Promise<Reply> {
  const onlyJob = request.query.has('jobid') ? findJob(request, context).job.jobId : null;
  if (context.events.isFull) {
    throw new HttpError(503, 'Too many are reading the events already', {
      code: 'TOO_MANY_READERS',
      hint: 'Close a dashboard or a `replay status --watch` that nobody looks at.',
      headers: { 'Retry-After': '30' },
    });
  }
  const lastId = request.header('last-event-id') ?? request.query.get('lastEventId');
  const withHosts = request.query.get('hosts') === '1';
  return { status: 200, events: (stream) => tell(stream, context, { lastId, onlyJob, withHosts }) };
}

interface Asked {
  lastId: string | null;
  onlyJob: number | null;
  withHosts: boolean;
}

async function tell(stream: EventStream, context: Context, asked: Asked): Promise<void> {
  const { events, hostEvents, store } = context;
  const { feed, resumed } = events.open(asked.lastId, asked.onlyJob);
  if (asked.withHosts) hostEvents.open(feed);
  try {
    const hello: HelloRecord = { run_id: store.run.info.runId, resumed };
    const id = resumed ? undefined : events.lastId;
    await stream.send({ name: 'hello', data: pythonJson(hello), id });
    for (;;) {
      const news = await feed.next(JOBS_AT_ONCE, stream.signal);
      if (news === null) return;
      const told = news.jobs.flatMap(({ jobId, change }) => jobEvent(context, jobId, change));
      if (news.summary) told.push({ name: 'summary', data: pythonJson(summaryRecord(context)) });
      if (news.hosts !== null) told.push(hostsEvent(context, news.hosts));
      await stream.send(...told);
    }
  } finally {
    events.close(feed);
    hostEvents.close(feed);
  }
}

function hostsEvent({ hostEvents }: Context, change: HostsEvent | 'all'): ServerEvent {
  const event = change === 'all' ? hostEvents.all() : change;
  return { name: 'hosts', data: pythonJson({ ...event }) };
}

function jobEvent(context: Context, jobId: number, change: number): ServerEvent[] {
  const stored = context.store.view.get(jobId);
  if (!stored) return [];
  const data = context.events.texts.of(change, () =>
    pythonJson(toFullRecord(stored.job, recordContext(context))),
  );
  return [{ name: 'job', data, id: context.events.idOf(change) }];
}
