import { HttpError } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { originOf } from './origin-check.ts';

/**
 * Refuses a request that changes something when a page of another site sends it. A browser adds the
 * cookie, and what it was given as user and password, to such requests of its own accord; to an open
 * orchestrator anything is enough.
 * @param proof whether the browser has to prove that it is ours: when the cookie is all we go by
 * @throws HttpError 403
 */
export function refuseForeignPages(request: ApiRequest, { proof = false } = {}): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const origin = originOf({
    host: request.header('host'),
    origin: request.header('origin'),
    secFetchSite: request.header('sec-fetch-site'),
  });
  if (origin === 'own' || (origin === 'unknown' && !proof)) return;
  throw new HttpError(403, 'A request of a page of another site is not accepted', {
    code: 'FOREIGN_ORIGIN',
    hint: 'Programs send a token in the header Authorization, and no Origin.',
  });
}
