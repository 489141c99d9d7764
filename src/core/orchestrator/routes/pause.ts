import { formatUtc } from '../../domain/time.ts';
import { parseObject, text } from '../../protocol/fields.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import type { PauseAnswer } from '../../protocol/control-record.ts';
import { callerName } from '../access/caller.ts';
import type { Context } from '../context.ts';
import { JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';

/** Bytes of a body. */
const BODY_LIMIT = 8 * 1024;
/** Characters of a reason. */
const MAX_REASON = 500;

/** POST /run/pause: no job is handed out from now on. Jobs that are held go on. */
export async function postPause(request: ApiRequest, context: Context): Promise<Reply> {
  const body = await request.body(BODY_LIMIT);
  const reason = body.trim() === '' ? undefined : text(parseObject(body), 'reason', MAX_REASON);
  const { pause, logger, now, store } = context;
  const by = callerName(request.caller);
  const state = { since: formatUtc(now()), by, reason: reason?.trim() || null };
  if (await pause.pause(state)) {
    logger.warn({ ...state }, 'the run was paused: no job is handed out until somebody resumes it');
  }
  // A claim that was decided before is answered before: after this answer there is none.
  await store.change(() => () => undefined).catch(() => undefined);
  return pauseReply(context);
}

/** POST /run/resume: jobs are handed out again. */
export async function postResume(request: ApiRequest, context: Context): Promise<Reply> {
  const { pause, logger } = context;
  if (await pause.resume()) {
    logger.info({ by: callerName(request.caller) }, 'the run was resumed: jobs are handed out again');
  }
  return pauseReply(context);
}

function pauseReply({ pause, store }: Context): Reply {
  const answer: PauseAnswer = { run_id: store.run.info.runId, paused: pause.state };
  return { status: 200, type: JSON_TYPE, body: pythonJson({ ...answer }) };
}
