import { moreHosts } from '../../domain/forecast/more-hosts.ts';
import { parseForecast, type ForecastRecord } from '../../protocol/forecast-record.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { toTimeLeftRecord } from '../../protocol/to-summary-record.ts';
import type { Context } from '../context.ts';
import { HttpError, JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { heldJobs } from '../run-hosts.ts';

/** GET /forecast?boot_seconds=N[&hosts=N][&arriving=N,N]: what more hosts would do for the run. */
export async function getForecast(request: ApiRequest, context: Context): Promise<Reply> {
  const { bootSeconds, hosts, arriving } = parseForecast(request.query);
  const rest = context.store.rest(context.now());
  if (rest === null) {
    throw new HttpError(404, 'Too few slices were replayed to tell', { code: 'FORECAST_UNKNOWN' });
  }
  const others = { idle: idleHosts(context), arriving };
  const { usable, without, count, withMore } = moreHosts(rest, others, { bootSeconds, asked: hosts });
  const record: ForecastRecord = {
    hosts_usable: usable,
    hosts: count,
    time_left: without && toTimeLeftRecord(without),
    time_left_with_hosts: withMore && toTimeLeftRecord(withMore),
  };
  return { status: 200, type: JSON_TYPE, body: pythonJson({ ...record }) };
}

/** Hosts that are there, hold no job, and are given one. */
function idleHosts(context: Context): number {
  const held = heldJobs(context);
  const seen = context.fleet.hosts.all().filter(({ isSeen }) => isSeen);
  return seen.filter(({ workerId }) => !held.has(workerId) && context.hosts.setAside(workerId) === null)
    .length;
}
