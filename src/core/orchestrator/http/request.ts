import type { IncomingMessage } from 'node:http';
import { WORKER_HEADER } from '../../protocol/full-record.ts';
import { readBody } from './read-body.ts';

/** A request, as the handlers see it. */
export interface ApiRequest {
  method: string;
  query: URLSearchParams;
  /** A header's value; undefined when it was not sent. */
  header(name: string): string | undefined;
  body(limit: number): Promise<string>;
  /** How the caller names itself; null when it does not. */
  workerId: string | null;
  /** The worker's id, else the caller's address: whom a job is reserved for. */
  callerKey: string;
}

const MAX_WORKER_ID = 200;

export function toApiRequest(request: IncomingMessage): ApiRequest {
  const header = (name: string): string | undefined => {
    const value = request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const workerId = header(WORKER_HEADER)?.trim().slice(0, MAX_WORKER_ID) || null;
  const address = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? 'unknown';
  return {
    method: request.method ?? 'GET',
    query: new URLSearchParams(/\?(.*)$/s.exec(request.url ?? '')?.[1] ?? ''),
    header,
    body: (limit) => readBody(request, limit),
    workerId,
    callerKey: workerId === null ? `address ${address}` : `worker ${workerId}`,
  };
}

/** A parameter that is a positive integer; null when it is missing or anything else. */
export function idParameter(request: ApiRequest, name: string): number | null {
  const value = request.query.get(name);
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : null;
}
