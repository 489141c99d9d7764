import { formatUtc } from '../../domain/time.ts';
import type { JobRatesRecord } from '../../protocol/job-rates-record.ts';
import type { Context } from '../context.ts';
import { JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { findJob } from './get-job.ts';

/** GET /job/rates?jobid=N: how fast its last attempt was, for a plot. */
export async function getJobRates(request: ApiRequest, context: Context): Promise<Reply> {
  const { job } = findJob(request, context);
  const rates = context.rates.of(job.jobId);
  const record: JobRatesRecord = {
    job_id: job.jobId,
    attempt: rates?.attempt ?? null,
    since: formatUtc(context.rates.since),
    times: rates?.times ?? [],
    blocks_per_second: rates?.values ?? [],
  };
  return {
    status: 200,
    type: JSON_TYPE,
    body: JSON.stringify(record),
    compress: true,
    headers: { Vary: 'Accept-Encoding' },
  };
}
