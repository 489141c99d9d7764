import { parseObject } from '../../protocol/fields.ts';
import { HOST_REPORT_LIMIT, parseHostReport } from '../../protocol/host-report.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import type { Context } from '../context.ts';
import { HttpError, JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';

/** POST /host/report: what a host says of itself. */
export async function postHostReport(request: ApiRequest, { fleet }: Context): Promise<Reply> {
  const fields = parseObject(await request.body(HOST_REPORT_LIMIT));
  if (request.workerId === null) {
    throw new HttpError(400, 'The header X-Replay-Worker is missing', {
      code: 'WORKER_MISSING',
      hint: 'Send the id under which the host asks for jobs.',
    });
  }
  fleet.hosts.report(request.workerId, parseHostReport(fields));
  return { status: 200, type: JSON_TYPE, body: pythonJson({ status: 'noted' }) };
}
