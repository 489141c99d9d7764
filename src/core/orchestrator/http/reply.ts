import type { WriteEvents } from './event-stream.ts';
import type { FileBody } from './send-file.ts';

/** What a handler answers. */
export interface Reply {
  status: number;
  /** Content type; absent: no body. */
  type?: string;
  /** A body that may be long is given as parts, which are made while they are sent. */
  body?: string | Buffer | Iterable<string>;
  headers?: Record<string, string>;
  /** A long text that is compressed for callers that accept it. */
  compress?: boolean;
  /** In place of all others: the dashboard, which shows to a person what was asked for. */
  page?: boolean;
  /** In place of the body. */
  file?: FileBody;
  /** In place of type and body: the answer is a stream of events. */
  events?: WriteEvents;
}

export const JSON_TYPE = 'application/json';
export const TEXT_TYPE = 'text/plain; charset=utf-8';
export const HTML_TYPE = 'text/html; charset=utf-8';

/** What a browser gets: it tells by the address which page to show. */
export const PAGE: Reply = { status: 200, page: true };

export function textReply(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, type: TEXT_TYPE, body, headers };
}

export interface HttpErrorDetails {
  /** For programs, on the paths that are ours. */
  code: string;
  hint?: string;
  headers?: Record<string, string>;
}

/** Ends a request with an error answer. The message is the body. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly details: HttpErrorDetails;

  constructor(status: number, message: string, details: HttpErrorDetails) {
    super(message);
    this.status = status;
    this.details = details;
  }
}
