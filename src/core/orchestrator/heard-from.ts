import { includes } from './access/rights.ts';
import type { CurrentRun } from './current-run.ts';
import type { ApiRequest } from './http/request.ts';

/** Notes every word of a worker that names itself. Who may only look is none, whatever it calls itself. */
export function heardFrom(run: Pick<CurrentRun, 'context'>): (request: ApiRequest) => void {
  return ({ workerId, caller }) => {
    if (workerId !== null && includes(caller.rights, 'work')) run.context.fleet.hosts.heard(workerId);
  };
}
