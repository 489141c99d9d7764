import { FieldError, describe, parseObject, present, type Fields } from '../../protocol/fields.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import type { Context } from '../context.ts';
import { HttpError, JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';

/** Bytes of a self-check. */
const CHECK_LIMIT = 64 * 1024;
/** How much of what was found goes to the log. */
const MAX_FINDINGS = 20;
const MAX_FINDING = 300;

/** POST /host/selfcheck: what a host that is set aside has found out about itself. */
export async function postSelfCheck(request: ApiRequest, { hosts, logger }: Context): Promise<Reply> {
  const fields = parseObject(await request.body(CHECK_LIMIT));
  const { workerId } = request;
  if (workerId === null) {
    throw new HttpError(400, 'The header X-Replay-Worker is missing', {
      code: 'WORKER_MISSING',
      hint: 'Send the id under which the host asks for jobs.',
    });
  }
  const ok = present(fields, 'ok');
  if (typeof ok !== 'boolean') throw new FieldError(`ok must be true or false, and is ${describe(ok)}`);
  const findings = findingsOf(fields);
  if (!ok) logger.warn({ worker: workerId, findings }, 'a host has failed its self-check');
  else if (await hosts.clear(workerId)) {
    logger.info({ worker: workerId }, 'a host has passed its self-check and gets jobs again');
  }
  return hostReply(hosts.setAside(workerId) !== null);
}

/** POST /host/clear?worker=ID: a person lets a host have jobs again. */
export async function postHostClear(request: ApiRequest, { hosts, logger }: Context): Promise<Reply> {
  const workerId = request.query.get('worker');
  if (workerId === null || workerId === '') {
    throw new HttpError(400, 'The parameter worker is missing', {
      code: 'WORKER_MISSING',
      hint: 'GET /summary names the hosts that are set aside.',
    });
  }
  if (await hosts.clear(workerId)) {
    logger.info({ worker: workerId }, 'a host was cleared and gets jobs again');
  }
  return hostReply(false);
}

function hostReply(setAside: boolean): Reply {
  return { status: 200, type: JSON_TYPE, body: pythonJson({ set_aside: setAside }) };
}

/** Texts, or the checks that were made, of which those that are well say nothing. */
function findingsOf(fields: Fields): string[] {
  const found = ['findings', 'checks'].flatMap((name) => {
    const value = present(fields, name) ?? [];
    if (!Array.isArray(value)) throw new FieldError(`${name} must be a list, and is ${describe(value)}`);
    return value as unknown[];
  });
  const texts = found.flatMap((finding) => {
    if (typeof finding === 'string') return [finding];
    const { name, ok, message } = (finding ?? {}) as Record<string, unknown>;
    return ok === true ? [] : [`${String(name)}: ${String(message)}`];
  });
  return texts.slice(0, MAX_FINDINGS).map((text) => text.slice(0, MAX_FINDING));
}
