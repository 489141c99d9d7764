import { pythonJson } from '../../protocol/python-json.ts';
import type { SessionRecord } from '../../protocol/session-record.ts';
import type { Context } from '../context.ts';
import { JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';

/** GET /session: what the caller may do, so that a page offers nothing else. */
export async function getSession(
  { caller }: ApiRequest,
  { store, version }: Context,
  fleet: boolean,
): Promise<Reply> {
  const { by, rights } = caller;
  const record: SessionRecord = { by, rights, run_id: store.run.info.runId, version, fleet };
  return { status: 200, type: JSON_TYPE, body: pythonJson(record) };
}
