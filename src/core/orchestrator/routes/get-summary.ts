import { OFFERS, negotiate } from '../../protocol/negotiate.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import type { SummaryRecord } from '../../protocol/summary-record.ts';
import type { Context } from '../context.ts';
import { JSON_TYPE, PAGE, TEXT_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { askedRun } from './asked-run.ts';

/** GET /summary[?run=N]: the numbers of the run. */
export async function getSummary(request: ApiRequest, context: Context): Promise<Reply> {
  const record = (await askedRun(request, context)).summary();
  const headers = { Vary: 'Accept' };
  const form = negotiate(request.header('accept'), OFFERS.summary, 'text');
  if (form === 'html') return PAGE;
  if (form === 'json') return { status: 200, type: JSON_TYPE, body: pythonJson(record), headers };
  return { status: 200, type: TEXT_TYPE, body: summaryText(record), headers };
}

/** One number a line, for a person with curl. */
function summaryText(record: SummaryRecord): string {
  return Object.entries(record)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : pythonJson(value)}`)
    .join('\n');
}
