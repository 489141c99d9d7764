import { FieldError, describe, parseObject, present } from '../../protocol/fields.ts';
import type { DismissAnswer } from '../../protocol/host-record.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { callerName } from '../access/caller.ts';
import type { Context } from '../context.ts';
import { heldBy } from '../holder.ts';
import { callerOf } from '../hosts.ts';
import { HttpError, JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';

/** Bytes of a body: ten thousand names. */
const BODY_LIMIT = 1024 * 1024;

/** POST /hosts/dismiss: those of the workers that hold no job get none any more, because their hosts are to end. */
export async function postDismiss(request: ApiRequest, context: Context): Promise<Reply> {
  const workerIds = idsOf(await request.body(BODY_LIMIT));
  const { store, dismissed, logger } = context;
  // In turn with the claims: whoever is not dismissed here has its job on disk.
  return store.change((jobs) => {
    const answer: DismissAnswer = { dismissed: [], at_work: [] };
    for (const workerId of workerIds) {
      const held = heldBy(jobs, context, callerOf(workerId));
      if (held !== null) answer.at_work.push({ worker_id: workerId, job_id: held.jobId });
      else answer.dismissed.push(workerId);
    }
    for (const workerId of answer.dismissed) dismissed.add(workerId);
    return () => {
      logger.info({ ...answer, by: callerName(request.caller) }, 'hosts that are to end get no more jobs');
      return { status: 200, type: JSON_TYPE, body: pythonJson({ ...answer }) };
    };
  });
}

/** The refusal of a host that somebody is about to end. */
export function dismissedError(): HttpError {
  return new HttpError(409, 'This host is about to be ended: it gets no more jobs', {
    code: 'HOST_DISMISSED',
    hint: 'If it is not ended, it gets jobs again after five minutes.',
  });
}

function idsOf(body: string): readonly string[] {
  const value = present(parseObject(body), 'worker_ids');
  if (Array.isArray(value) && value.every((id) => typeof id === 'string')) return [...new Set(value)];
  throw new FieldError(`worker_ids must be a list of strings, and is ${describe(value)}`);
}
