import type { LogPart } from '../../domain/log-tail.ts';
import { linesOf, textOfLines } from '../../protocol/log-text.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import { logPath, readLogText } from '../../runs/log-file.ts';
import type { Context } from '../context.ts';
import { HttpError, JSON_TYPE, textReply, type Reply } from '../http/reply.ts';
import { idParameter, type ApiRequest } from '../http/request.ts';
import { askedRun } from './asked-run.ts';
import { findAttempt } from './find-attempt.ts';
import { followLog } from './follow-log.ts';
import { findJobIn } from './get-job.ts';
import { ownAttempt, renewOwnLease } from './own-attempt.ts';

/** Bytes of one attempt's log. */
const LOG_LIMIT = 256 * 1024;

/**
 * POST /job/log?jobid=N[&attempt=K]: the last log lines of an attempt, from the worker that made it.
 * With `&from=SEQ` they are a part of the log of an attempt at work, which begins at that line.
 */
export async function postJobLog(request: ApiRequest, context: Context): Promise<Reply> {
  const text = await request.body(LOG_LIMIT);
  const { job, attempt } = ownAttempt(request, context);
  const part = request.query.has('from') ? partOf(request, text) : null;
  if (part !== null && attempt.outcome !== null) {
    throw new HttpError(409, `Attempt ${attempt.number} of job ${job.jobId} is over`, {
      code: 'ATTEMPT_OVER',
      hint: 'Only the log of an attempt at work grows.',
    });
  }
  renewOwnLease(request, context);
  if (part !== null) return takePart(request, context, { jobId: job.jobId, attempt: attempt.number, part });
  await writeFileAtomically(logPath(context.store.run.path, job.jobId, attempt.number), text);
  return { status: 200, type: JSON_TYPE, body: pythonJson({ status: 'stored' }) };
}

/** GET /job/log?jobid=N[&attempt=K][&follow][&run=M]; without an attempt: the last one. */
export async function getJobLog(request: ApiRequest, context: Context): Promise<Reply> {
  const { path, view } = await askedRun(request, context);
  const { job } = findJobIn(request, view);
  const attempt = findAttempt(request, job.attempts);
  const place = { jobId: job.jobId, attempt: attempt.number };
  if (request.query.has('follow')) {
    if (path === context.store.run.path) return followLog(request, context, place);
    throw new HttpError(400, 'A log of a past run cannot be followed', { code: 'BAD_REQUEST' });
  }
  const text = await textOf(context, path, place);
  if (text === null) {
    throw new HttpError(404, `Attempt ${attempt.number} of job ${job.jobId} has no log`, {
      code: 'LOG_NOT_FOUND',
      hint: 'Workers send what nodeos prints while it runs.',
    });
  }
  return textReply(200, text);
}

/**
 * The log of an attempt; null when there is none. Job ids are those of one run alone, so that a past run's
 * never has a live log.
 */
export async function textOf(
  { liveLogs }: Context,
  runPath: string,
  { jobId, attempt }: { jobId: number; attempt: number },
): Promise<string | null> {
  const live = liveLogs.find(jobId, attempt);
  if (live) liveLogs.looked(live);
  const lines = live?.since(0).lines ?? [];
  if (lines.length > 0) return textOfLines(lines);
  const kept = await readLogText(logPath(runPath, jobId, attempt));
  return kept?.text ?? null;
}

async function takePart(
  { query }: ApiRequest,
  { liveLogs }: Context,
  { jobId, attempt, part }: { jobId: number; attempt: number; part: LogPart },
): Promise<Reply> {
  const answer = liveLogs.append(jobId, attempt, part);
  // The farewell of an attempt: its result may follow at once, and a crash must not take the log away.
  if (query.has('last') && answer.status === 'stored') await liveLogs.save(jobId, attempt);
  return { status: 200, type: JSON_TYPE, body: pythonJson({ ...answer }) };
}

function partOf(request: ApiRequest, text: string): LogPart {
  const from = idParameter(request, 'from');
  const skipped = request.query.has('skipped') ? idParameter(request, 'skipped') : 0;
  if (from !== null && skipped !== null && skipped <= from) return { from, skipped, lines: linesOf(text) };
  throw new HttpError(400, 'from and skipped are numbers of lines, and skipped is not above from', {
    code: 'BAD_REQUEST',
    hint: 'from is the number of the first line of the body, counted from 0.',
  });
}
