import { HttpError } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { OPEN_CALLER } from './caller.ts';
import type { Gate } from './gate.ts';
import { isOwnHost, type HostRules } from './host-check.ts';
import { refuseForeignPages } from './refuse-foreign.ts';

/**
 * The gate of an orchestrator without tokens: everybody may do everything, but for pages of other
 * sites that make somebody's browser send their requests.
 */
export function openGate(rules: HostRules): Gate {
  return async (request, path) => {
    if (path !== '/healthcheck') refuseForeignHost(request, rules);
    refuseForeignPages(request);
    return OPEN_CALLER;
  };
}

function refuseForeignHost(request: ApiRequest, rules: HostRules): void {
  if (isOwnHost(request.header('host'), rules)) return;
  throw new HttpError(421, 'This orchestrator does not answer under the name in the Host header', {
    code: 'FOREIGN_HOST',
    hint: 'Use its address, or start it with --allowed-host NAME.',
  });
}
