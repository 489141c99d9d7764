import { JOB_COLUMNS, jobValues } from '../../protocol/job-row.ts';
import { toFullRecord } from '../../protocol/to-full-record.ts';
import type { Context } from '../context.ts';
import { inParts } from '../http/parts.ts';
import { JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { askedRun } from './asked-run.ts';

const FRAME = { before: `{"columns":${JSON.stringify(JOB_COLUMNS)},"rows":[`, between: ',', after: ']}' };

/** GET /jobs[?run=N]: all jobs, as short as can be. */
export async function getJobs(request: ApiRequest, context: Context): Promise<Reply> {
  const { view, records } = await askedRun(request, context);
  const jobs = Array.from(view.all(), ({ job }) => job);
  const body = inParts(jobs, FRAME, (job) => JSON.stringify(jobValues(toFullRecord(job, records))));
  return { status: 200, type: JSON_TYPE, body, compress: true };
}
