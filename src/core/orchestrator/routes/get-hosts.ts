import { hostHistories, NO_HISTORY } from '../../domain/host-history.ts';
import type { Job } from '../../domain/job.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { toHostRecord } from '../../protocol/to-host-record.ts';
import type { Context } from '../context.ts';
import { inParts } from '../http/parts.ts';
import { HttpError, JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import type { FleetHost } from '../fleet.ts';
import { heldJobs } from '../run-hosts.ts';

/** Attempts that are told of each host. */
const MOST_ATTEMPTS = 20;

const ARRAY = { before: '[', between: ', ', after: ']' };

/** GET /hosts, and GET /hosts?workerid=ID: always a list. */
export async function getHosts(request: ApiRequest, context: Context): Promise<Reply> {
  const hosts = chosenHosts(request, context).toSorted((a, b) => (a.workerId < b.workerId ? -1 : 1));
  const held = heldJobs(context);
  const histories = hostHistories(jobsOf(context), MOST_ATTEMPTS);
  const body = inParts(hosts, ARRAY, (host) => {
    const { workerId } = host;
    const isSetAside = context.hosts.setAside(workerId) !== null;
    const job = held.get(workerId) ?? null;
    const history = histories.get(workerId) ?? NO_HISTORY;
    return pythonJson(toHostRecord({ ...host, isSetAside, job, history }));
  });
  return { status: 200, type: JSON_TYPE, body, compress: true };
}

function chosenHosts({ query }: ApiRequest, { fleet }: Context): FleetHost[] {
  const workerId = query.get('workerid');
  if (workerId === null) return fleet.hosts.all();
  const host = fleet.hosts.get(workerId);
  if (host !== null) return [host];
  throw new HttpError(404, 'No such host was heard from', { code: 'HOST_NOT_FOUND' });
}

function* jobsOf({ store }: Context): Iterable<Job> {
  for (const { job } of store.view.all()) yield job;
}
