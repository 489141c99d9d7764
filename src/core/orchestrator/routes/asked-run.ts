import { UserError } from '../../domain/user-error.ts';
import type { SummaryRecord } from '../../protocol/summary-record.ts';
import type { RecordContext } from '../../protocol/to-full-record.ts';
import { pastRecordContext, pastSummary } from '../../runs/past-records.ts';
import type { PastRun } from '../../runs/past-run.ts';
import type { JobView } from '../../store/job-table.ts';
import type { Context } from '../context.ts';
import { HttpError } from '../http/reply.ts';
import { idParameter, type ApiRequest } from '../http/request.ts';
import { summaryRecord } from '../summary-of.ts';
import { recordContext } from '../record-context.ts';

/** The run that a request is about, the current one or a past one, as far as both can be read. */
export interface AskedRun {
  runId: number;
  /** Of the versions of its jobs. */
  salt: string;
  path: string;
  view: JobView;
  records: RecordContext;
  summary: () => SummaryRecord;
}

/**
 * The run that a parameter names; without it the current one.
 * @throws HttpError 404 when there is no such run, 500 when its files are damaged
 */
export async function askedRun(request: ApiRequest, context: Context, parameter = 'run'): Promise<AskedRun> {
  const runId = idParameter(request, parameter);
  if (!request.query.has(parameter) || runId === context.store.run.info.runId) return currentRun(context);
  const past = runId === null ? null : await readPast(runId, context);
  if (past === null) {
    throw new HttpError(404, 'Could not find run', { code: 'RUN_NOT_FOUND', hint: 'GET /runs lists them.' });
  }
  return {
    runId: past.info.runId,
    salt: past.info.salt,
    path: past.path,
    view: past.table,
    records: pastRecordContext(past),
    summary: () => pastSummary(past),
  };
}

export function currentRun(context: Context): AskedRun {
  const { store } = context;
  const summary = (): SummaryRecord => summaryRecord(context);
  return {
    runId: store.run.info.runId,
    salt: store.run.info.salt,
    path: store.run.path,
    view: store.view,
    records: recordContext(context),
    summary,
  };
}

async function readPast(runId: number, { runs }: Context): Promise<PastRun | null> {
  return runs.get(runId).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new HttpError(500, error.message, { code: error.code, ...(error.hint && { hint: error.hint }) });
  });
}
