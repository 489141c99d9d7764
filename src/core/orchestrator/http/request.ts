import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { WORKER_HEADER } from '../../protocol/full-record.ts';
import { plainAddress } from '../access/addresses.ts';
import { STRANGER, type Caller } from '../access/caller.ts';
import { readBody } from './read-body.ts';

/** A request, as the handlers see it. */
export interface ApiRequest {
  method: string;
  /** Path and query as they were asked for. */
  target: string;
  query: URLSearchParams;
  /** A header's value; undefined when it was not sent. */
  header(name: string): string | undefined;
  body(limit: number): Promise<string>;
  /** How the caller names itself; null when it does not. */
  workerId: string | null;
  /** The worker's id, else the caller's address: whom a job is reserved for. */
  callerKey: string;
  /** The caller's address; behind a trusted proxy the one that the proxy saw. */
  address: string;
  /** A trusted proxy says that the caller came to it by https. */
  https: boolean;
  /** The port of ours that the connection came to. */
  port: number;
  /** Who it is, once the gate has let it in. */
  caller: Caller;
}

const MAX_WORKER_ID = 200;

/** @param trustedProxies addresses whose X-Forwarded-For and X-Forwarded-Proto are believed */
export function toApiRequest(
  request: IncomingMessage,
  trustedProxies: ReadonlySet<string> = new Set(),
): ApiRequest {
  const header = (name: string): string | undefined => {
    const value = request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const workerId = header(WORKER_HEADER)?.trim().slice(0, MAX_WORKER_ID) || null;
  const peer = plainAddress(request.socket.remoteAddress);
  const proxied = trustedProxies.has(peer);
  const address = (proxied ? forwardedFor(header('x-forwarded-for')) : null) ?? peer;
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    query: new URLSearchParams(/\?(.*)$/s.exec(request.url ?? '')?.[1] ?? ''),
    header,
    body: (limit) => readBody(request, limit),
    workerId,
    callerKey: workerId === null ? `address ${address}` : `worker ${workerId}`,
    address,
    https: proxied && lastOf(header('x-forwarded-proto')) === 'https',
    port: request.socket.localPort ?? 0,
    caller: STRANGER,
  };
}

/** The last entry is the proxy's own; those before it are the caller's word. */
function forwardedFor(header: string | undefined): string | null {
  const address = plainAddress(lastOf(header));
  return isIP(address) === 0 ? null : address;
}

function lastOf(header: string | undefined): string | undefined {
  return header?.split(',').at(-1)?.trim().toLowerCase();
}

/** A parameter that is a positive integer; null when it is missing or anything else. */
export function idParameter(request: ApiRequest, name: string): number | null {
  const value = request.query.get(name);
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : null;
}
