import { pythonJson } from '../../protocol/python-json.ts';
import type { Context } from '../context.ts';
import { inParts } from '../http/parts.ts';
import { HttpError, JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import type { FleetHost } from '../fleet.ts';
import { hostRecords } from '../known-hosts.ts';

/** Attempts that are told of each host. */
const MOST_ATTEMPTS = 20;

const ARRAY = { before: '[', between: ', ', after: ']' };

/** GET /hosts, and GET /hosts?workerid=ID: always a list. */
export async function getHosts(request: ApiRequest, context: Context): Promise<Reply> {
  const hosts = chosenHosts(request, context).toSorted((a, b) => (a.workerId < b.workerId ? -1 : 1));
  const recordOf = hostRecords(context, MOST_ATTEMPTS);
  const body = inParts(hosts, ARRAY, (host) => pythonJson({ ...recordOf(host) }));
  return { status: 200, type: JSON_TYPE, body, compress: true };
}

function chosenHosts({ query }: ApiRequest, { fleet }: Context): FleetHost[] {
  const workerId = query.get('workerid');
  if (workerId === null) return fleet.hosts.all();
  const host = fleet.hosts.get(workerId);
  if (host !== null) return [host];
  throw new HttpError(404, 'No such host was heard from', { code: 'HOST_NOT_FOUND' });
}
