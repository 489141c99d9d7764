import type { LogPart } from '../../domain/log-tail.ts';
import type { ServerEvent } from '../../protocol/events/server-event.ts';
import type { LogEndRecord, LogLinesRecord } from '../../protocol/log-text.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import type { Context } from '../context.ts';
import type { EventStream } from '../http/event-stream.ts';
import { HttpError, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { logPath, readLog } from '../../runs/log-file.ts';
import type { LiveLog } from '../logs/live-logs.ts';
import { noSuchJob } from './get-job.ts';

/** Names one attempt. */
interface Place {
  jobId: number;
  attempt: number;
}

/** GET /job/log?jobid=N[&attempt=K]&follow: what there is of the log, and what comes, until the attempt is over. */
export function followLog(request: ApiRequest, context: Context, place: Place): Reply {
  if (context.liveLogs.isFull) {
    throw new HttpError(503, 'Too many are following logs already', {
      code: 'TOO_MANY_READERS',
      hint: 'Close a dashboard or a `replay jobs logs --follow` that nobody looks at.',
      headers: { 'Retry-After': '30' },
    });
  }
  const lastId = request.header('last-event-id') ?? request.query.get('lastEventId') ?? '';
  const from = /^\d{1,15}$/u.test(lastId) ? Number(lastId) : 0;
  return { status: 200, events: (stream) => tell(stream, context, place, from) };
}

async function tell(stream: EventStream, context: Context, place: Place, from: number): Promise<void> {
  const { liveLogs, store } = context;
  const { jobId, attempt } = place;
  const isOver = endOf(context, place) !== null;
  const live = isOver ? liveLogs.find(jobId, attempt) : liveLogs.open(jobId, attempt);
  if (live) {
    await tellLive(stream, context, live, { ...place, from });
  } else {
    const kept = await readLog(logPath(store.run.path, jobId, attempt));
    await stream.send(linesEvent(attempt, kept.since(from)));
  }
  const end = endOf(context, place);
  if (end !== null) await stream.send({ name: 'end', data: pythonJson({ ...end }) });
}

/** Tells what a log has from a line on, until it is over; a reader that does not keep up misses the oldest. */
async function tellLive(
  stream: EventStream,
  { liveLogs }: Context,
  live: LiveLog,
  { attempt, from }: Place & { from: number },
): Promise<void> {
  const leave = liveLogs.follow(live);
  try {
    // The first event comes at once, also without lines: it shows that somebody is there.
    for (let next = from, isFirst = true; !stream.signal.aborted; isFirst = false) {
      const { isOver } = live;
      const part = live.since(next);
      if (part.lines.length > 0 || isFirst) await stream.send(linesEvent(attempt, part));
      else if (isOver) return;
      next = part.from + part.lines.length;
      await live.news(next, stream.signal);
    }
  } finally {
    leave();
  }
}

function linesEvent(attempt: number, part: LogPart): ServerEvent {
  const record: LogLinesRecord = { attempt, ...part };
  return { name: 'lines', data: pythonJson({ ...record }), id: String(part.from + part.lines.length) };
}

/** How the attempt ended; null: it is not over. */
function endOf({ store }: Context, { jobId, attempt }: Place): LogEndRecord | null {
  const job = store.view.get(jobId)?.job;
  if (!job) throw noSuchJob();
  const found = job.attempts.find(({ number }) => number === attempt);
  if (!found || found.outcome === null) return null;
  return { attempt, outcome: found.outcome, error_cause: found.cause, error_message: found.message };
}
