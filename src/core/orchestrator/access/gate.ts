import type { ApiRequest } from '../http/request.ts';
import type { Caller } from './caller.ts';

/**
 * Stands before every handler: who is it, and may they? Answers by throwing an HttpError.
 * @param path the route's own, not the caller's spelling of it
 */
export type Gate = (request: ApiRequest, path: string) => Promise<Caller>;
