import { toConfigRecord } from '../../protocol/config-record.ts';
import { OFFERS, negotiate } from '../../protocol/negotiate.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import type { Context } from '../context.ts';
import { HTML_TYPE, JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { recordPage } from '../pages/job-pages.ts';
import { findSlice } from './get-status.ts';

/** GET /config?sliceid=N. */
export async function getConfig(request: ApiRequest, { store }: Context): Promise<Reply> {
  const record = toConfigRecord(findSlice(request, store.view).job);
  const headers = { Vary: 'Accept' };
  return negotiate(request.header('accept'), OFFERS.config, 'json') === 'html'
    ? {
        status: 200,
        type: HTML_TYPE,
        body: recordPage(`Slice ${record.replay_slice_id}`, record),
        headers,
      }
    : { status: 200, type: JSON_TYPE, body: pythonJson(record), headers };
}
