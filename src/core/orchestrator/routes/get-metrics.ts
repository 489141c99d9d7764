import { Registry } from 'prom-client';
import type { Job } from '../../domain/job.ts';
import type { Context } from '../context.ts';
import type { Reply } from '../http/reply.ts';
import { processMetrics } from '../metrics/process-metrics.ts';
import { runMetrics } from '../metrics/run-metrics.ts';
import { summaryRecord } from '../summary-of.ts';

/** GET /metrics: the Prometheus text format 0.0.4. */
export async function getMetrics(context: Context): Promise<Reply> {
  const run = runMetrics(summaryRecord(context), jobsOf(context), context.version);
  const all = Registry.merge([run, context.meters.registry, processMetrics()]);
  return { status: 200, type: Registry.PROMETHEUS_CONTENT_TYPE, body: await all.metrics() };
}

function* jobsOf({ store }: Context): Iterable<Job> {
  for (const { job } of store.view.all()) yield job;
}
