import { toConfigRecord } from '../../protocol/config-record.ts';
import { OFFERS, negotiate } from '../../protocol/negotiate.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import type { Context } from '../context.ts';
import { JSON_TYPE, PAGE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { findSlice } from './get-status.ts';

/** GET /config?sliceid=N. */
export async function getConfig(request: ApiRequest, { store }: Context): Promise<Reply> {
  const record = toConfigRecord(findSlice(request, store.view).job);
  if (negotiate(request.header('accept'), OFFERS.config, 'json') === 'html') return PAGE;
  return { status: 200, type: JSON_TYPE, body: pythonJson(record), headers: { Vary: 'Accept' } };
}
