import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import type { Fault } from './faults.ts';

/** The ETag that both servers give a file: its MD5 in quotes, as S3 does. */
export function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

interface Part {
  readonly status: number;
  readonly begin: number;
  readonly end: number;
}

/** Answers GET and HEAD for one file: ranges (`bytes=a-`, `bytes=a-b`), If-Match, If-Range, and the fault. */
export async function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  original: Uint8Array,
  fault: Fault,
  contentType = 'application/octet-stream',
): Promise<void> {
  const bytes = flipped(fault.content ?? original, fault.flipAt);
  // The bytes of a flipped file are wrong behind the server's back: the ETag is that of the right ones.
  const etag = etagOf(fault.content ?? original);
  const ifMatch = request.headers['if-match'];
  if (ifMatch !== undefined && ifMatch !== etag) return void response.writeHead(412).end();
  const part = partOf(request, bytes.length, etag, fault);
  if (part === null)
    return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
  response.writeHead(part.status, headersOf(part, bytes.length, etag, contentType, fault));
  if (request.method === 'HEAD') return void response.end();
  await sendBody(response, bytes.subarray(part.begin, part.end), fault);
}

function flipped(bytes: Uint8Array, at: number | undefined): Uint8Array {
  if (at === undefined) return bytes;
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

function partOf(request: IncomingMessage, size: number, etag: string, fault: Fault): Part | null {
  const whole = { status: 200, begin: 0, end: size };
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const ifRange = request.headers['if-range'];
  if (match === null || fault.anonymous === true || fault.noRanges === true) return whole;
  if (ifRange !== undefined && ifRange !== etag) return whole;
  const begin = Number(match[1]);
  const end = match[2] === '' ? size : Math.min(size, Number(match[2]) + 1);
  return begin >= size ? null : { status: 206, begin, end };
}

function headersOf(part: Part, size: number, etag: string, contentType: string, fault: Fault) {
  const headers: Record<string, string | number> = { 'content-type': contentType, ...fault.headers };
  if (fault.anonymous === true) return headers;
  headers['content-length'] = part.end - part.begin + (fault.extraLength ?? 0);
  headers['etag'] = etag;
  if (part.status === 206) headers['content-range'] = `bytes ${part.begin}-${part.end - 1}/${size}`;
  return headers;
}

async function sendBody(response: ServerResponse, body: Uint8Array, fault: Fault): Promise<void> {
  const stop = fault.cutAfter ?? fault.stallAfter ?? body.length;
  const shown = body.subarray(0, stop);
  const piece = fault.pieces ?? Math.max(shown.length, 1);
  for (let at = 0; at < shown.length && !response.destroyed; at += piece) {
    await flush(response, shown.subarray(at, at + piece));
    if (fault.pieces !== undefined) await turn();
  }
  if (fault.stallAfter !== undefined) return;
  if (fault.cutAfter !== undefined || fault.extraLength !== undefined) response.destroy();
  else response.end();
}

/** Resolves when the piece has gone out, or the other side has. */
function flush(response: ServerResponse, piece: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.write(piece, () => {
      response.off('close', resolve);
      resolve();
    });
  });
}
