import type { IncomingMessage, ServerResponse } from 'node:http';
import { App } from '@tinyhttp/app';
import { FieldError } from '../../protocol/fields.ts';
import { EVENT_STREAM_TYPE } from '../../protocol/events/server-event.ts';
import { negotiate, OFFERS, prefersJson } from '../../protocol/negotiate.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { StoreUnavailable } from '../../store/group-commit.ts';
import type { Logger } from '../../log/logger.ts';
import { systemClock, type MonotonicClock } from '../clock.ts';
import type { Gate } from '../access/gate.ts';
import { sendEvents } from './event-stream.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { HTML_TYPE, HttpError, JSON_TYPE, textReply, type Reply } from './reply.ts';
import { toApiRequest, type ApiRequest } from './request.ts';
import { accepts } from './accepts.ts';
import { sendFile } from './send-file.ts';
import { sendParts, sendZipped } from './send-parts.ts';

export type Handler = (request: ApiRequest) => Promise<Reply>;

/** What one path answers to. HEAD is answered like GET, without the body. */
export interface Route {
  path: string;
  GET?: Handler;
  POST?: Handler;
  /** A path that older clients do not know: its errors are JSON for those who accept it. */
  added?: boolean;
}

export interface AppOptions {
  logger: Logger;
  /** Asked before each handler. */
  gate: Gate;
  /** The dashboard's page, for replies that ask for it. */
  page?: (request: ApiRequest) => Reply;
  /** Told of each request that the gate has let in, before its handler. */
  heard?: (request: ApiRequest) => void;
  /** Told of each answer; `path` is the route's own, `*` for all that are not there. */
  answered?: (method: string, path: string, status: number) => void;
  /** Addresses whose X-Forwarded headers are believed. */
  trustedProxies?: readonly string[];
  /** Milliseconds that a caller may take to read its answer. */
  answerMs?: number;
  /** What event streams measure time with. */
  clock?: Pick<MonotonicClock, 'after'>;
  /** Aborted when the orchestrator stops: event streams end. */
  stopping?: AbortSignal;
}

/** The request listener for these routes. It answers everything, and never throws. */
export function createApp(
  routes: readonly Route[],
  options: AppOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { logger } = options;
  const setting: Setting = {
    logger,
    gate: options.gate,
    page: options.page ?? (() => textReply(404, 'Not found')),
    heard: options.heard ?? (() => undefined),
    answered: options.answered ?? (() => undefined),
    proxies: new Set(options.trustedProxies),
    answerMs: options.answerMs ?? DEFAULT_LIMITS.answerMs,
    clock: options.clock ?? systemClock(),
    stopping: options.stopping ?? new AbortController().signal,
  };
  const notFound = {
    path: '*',
    GET: async (request: ApiRequest) => unknownPage(request),
    POST: async () => unknownPath(),
  };
  const app = new App({
    settings: { xPoweredBy: false },
    // None of tinyhttp's helpers are used: they would be attached to every request.
    applyExtensions: (_request, _response, next) => next(),
    noMatchHandler: async (request, response) => serve(notFound, request, response, setting),
    onError: (error, _request, response) => lastResort(error, response, logger),
  });
  for (const route of routes) {
    // tinyhttp catches the rejections of literal async functions only; any other ends the process.
    // oxlint-disable-next-line no-async-endpoint-handlers
    app.all(route.path, async (request, response) => serve(route, request, response, setting));
  }
  return (request, response) => {
    // tinyhttp decodes the parts of a path, and fails where that cannot be done.
    if (isDecodable(request.url ?? '')) return app.handler(request as never, response as never);
    serve(notFound, request, response, setting).catch((error: unknown) =>
      lastResort(error, response, logger),
    );
  };
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split('?', 1)[0]!);
    return true;
  } catch {
    return false;
  }
}

interface Setting {
  logger: Logger;
  gate: Gate;
  page: (request: ApiRequest) => Reply;
  heard: (request: ApiRequest) => void;
  answered: (method: string, path: string, status: number) => void;
  proxies: ReadonlySet<string>;
  answerMs: number;
  clock: Pick<MonotonicClock, 'after'>;
  stopping: AbortSignal;
}

async function serve(
  route: Route,
  incoming: IncomingMessage,
  response: ServerResponse,
  setting: Setting,
): Promise<void> {
  const { logger, gate, heard, answerMs } = setting;
  const request = toApiRequest(incoming, setting.proxies);
  let reply: Reply;
  try {
    const known = { ...request, caller: await gate(request, route.path) };
    heard(known);
    reply = await handlerOf(route, known)(known);
    if (reply.page === true) reply = pageFor(reply, setting.page(known));
  } catch (error) {
    reply = errorReply(error, route, request, logger);
  }
  setting.answered(request.method, route.path, reply.status);
  if (reply.status >= 400 && hasMuchToCome(incoming)) reply = closing(reply);
  if (response.headersSent || response.destroyed) return;
  if (reply.events) {
    response.writeHead(reply.status, EVENT_HEADERS);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const recheck = () => gate(request, route.path);
    await sendEvents(reply.events, response, { ...setting, recheck });
    return;
  }
  await send(reply, request, response, answerMs);
}

/** More than this of a body that nobody wants is not read to its end. Bytes. */
const WASTE_LIMIT = 1024 * 1024;

function hasMuchToCome({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > WASTE_LIMIT;
}

function closing(reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, Connection: 'close' } };
}

function handlerOf(route: Route, { method }: ApiRequest): Handler {
  const handler =
    method === 'POST' ? route.POST : method === 'GET' || method === 'HEAD' ? route.GET : undefined;
  if (handler) return handler;
  if (route.path === '*') return async () => unknownPath();
  const allowed = [...(route.GET ? ['GET', 'HEAD'] : []), ...(route.POST ? ['POST'] : [])].join(', ');
  throw new HttpError(405, `${method} is not allowed here, only ${allowed}`, {
    code: 'METHOD_NOT_ALLOWED',
    headers: { Allow: allowed },
  });
}

/** The page with the status that was meant for it, unless the browser has the page already. */
function pageFor({ status }: Reply, page: Reply): Reply {
  return page.status === 200 ? { ...page, status } : page;
}

/** Nothing is there; a browser gets that with the way to what there is. */
function unknownPage(request: ApiRequest): Reply {
  const wantsPage = negotiate(request.header('accept'), OFFERS.page, 'json') === 'html';
  return wantsPage ? { status: 404, page: true } : unknownPath();
}

function unknownPath(): Reply {
  return textReply(404, 'Not found');
}

function errorReply(error: unknown, route: Route, request: ApiRequest, logger: Logger): Reply {
  const known = toHttpError(error);
  if (!known) logger.error({ err: error, method: request.method, path: route.path }, 'a request failed');
  const { status, message, details } =
    known ?? new HttpError(500, 'Internal error', { code: 'INTERNAL_ERROR' });
  if (!route.added || !prefersJson(request.header('accept')))
    return textReply(status, message, details.headers);
  const { code, hint = null, headers = {} } = details;
  return { status, type: JSON_TYPE, body: pythonJson({ error: { code, message, hint } }), headers };
}

function toHttpError(error: unknown): HttpError | null {
  if (error instanceof HttpError) return error;
  if (error instanceof FieldError) return new HttpError(400, error.message, { code: 'BAD_REQUEST' });
  if (error instanceof StoreUnavailable) {
    return new HttpError(503, error.message, {
      code: 'STORE_UNAVAILABLE',
      hint: 'Try again. If it lasts, the disk of the orchestrator is probably full.',
      headers: { 'Retry-After': '5' },
    });
  }
  return null;
}

/** Pages without scripts: they load our style alone, stand in no frame, and their forms go to us only. */
const PAGE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  // With `no-referrer` a form of ours would name the origin `null`.
  'Referrer-Policy': 'same-origin',
};

const EVENT_HEADERS = {
  'Content-Type': EVENT_STREAM_TYPE,
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  // nginx would keep events back until it has a few kilobytes of them.
  'X-Accel-Buffering': 'no',
};

/** Until it has been read the answer is in our memory. */
function limitReading(response: ServerResponse, answerMs: number): void {
  const timer = setTimeout(() => response.destroy(), answerMs).unref();
  response.once('close', () => clearTimeout(timer));
}

async function send(
  reply: Reply,
  request: ApiRequest,
  response: ServerResponse,
  answerMs: number,
): Promise<void> {
  const { body = '', file } = reply;
  const whole = Buffer.isBuffer(body) ? body : typeof body === 'string' ? Buffer.from(body) : null;
  const length = file?.length ?? whole?.length;
  const zip = reply.compress === true && accepts(request.header('accept-encoding'), 'gzip');
  response.writeHead(reply.status, {
    ...(reply.type ? { 'Content-Type': reply.type } : {}),
    ...(reply.type === HTML_TYPE ? PAGE_HEADERS : {}),
    ...(zip ? { 'Content-Encoding': 'gzip' } : length === undefined ? {} : { 'Content-Length': length }),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...reply.headers,
  });
  if (request.method === 'HEAD') {
    response.end();
  } else if (file) {
    await sendFile(file, response, answerMs);
  } else if (whole && !zip) {
    response.end(whole);
    // Nearly every answer is with the system by now, and needs no timer.
    if (response.writableLength > 0) limitReading(response, answerMs);
  } else {
    limitReading(response, answerMs);
    const parts = whole === null ? (body as Iterable<string>) : [whole];
    await (zip ? sendZipped(parts, response) : sendParts(parts, response));
  }
}

/** Something failed outside of a handler. The caller learns nothing of what. */
function lastResort(error: unknown, response: ServerResponse, logger: Logger): void {
  logger.error({ err: error }, 'a request failed');
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Internal error');
}
