import { toHistoryRecord } from '../../protocol/history-record.ts';
import type { Context } from '../context.ts';
import { HistoryFile } from '../history/history-file.ts';
import { JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { askedRun } from './asked-run.ts';

/** GET /history[?run=N]: the course of the run, for plots. Compact, because a page asks for it again and again. */
export async function getHistory(request: ApiRequest, context: Context): Promise<Reply> {
  const run = await askedRun(request, context);
  const isCurrent = run.path === context.store.run.path;
  const history = isCurrent ? context.history.history : (await HistoryFile.open(run.path)).history;
  const body = JSON.stringify(toHistoryRecord(history, run.runId));
  return { status: 200, type: JSON_TYPE, body, compress: true, headers: { Vary: 'Accept-Encoding' } };
}
