import { includes } from './access/rights.ts';
import type { Context } from './context.ts';
import type { ApiRequest } from './http/request.ts';

/** Notes every word of a worker that names itself. Who may only look is none, whatever it calls itself. */
export function heardFrom({ fleet }: Context): (request: ApiRequest) => void {
  return ({ workerId, caller }) => {
    if (workerId !== null && includes(caller.rights, 'work')) fleet.hosts.heard(workerId);
  };
}
