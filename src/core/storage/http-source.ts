import type { IncomingMessage } from 'node:http';
import { createHttpClient, drop } from './http-client.ts';
import type { HttpClient, HttpReply } from './http-client.ts';
import { parseIndex } from './http-index.ts';
import { describeLocation } from './location.ts';
import type { HttpLocation } from './location.ts';
import { SourceError } from './source-error.ts';
import type { FileInfo, ListedFile, OpenFile, ReadRequest, SourceOf } from './source.ts';

/** A directory page longer than this is none. */
const MAX_INDEX_BYTES = 32 << 20;

/** Files behind a web server; folders are listed from the server's directory index. */
export function createHttpSource(): SourceOf<HttpLocation> {
  const client = createHttpClient();
  return {
    head: (location, signal) => headFile(client, location, signal),
    read: (location, request) => readFile(client, location, request),
    list: (folder, signal) => listFolder(client, folder, signal),
    close: () => client.close(),
  };
}

async function headFile(client: HttpClient, location: HttpLocation, signal: AbortSignal): Promise<FileInfo> {
  const reply = await client.request('HEAD', location, {}, signal, [403, 405, 501]);
  drop(reply.response);
  if (reply.status === 200) return { size: lengthOf(reply.response), etag: etagOf(reply.response) };
  // Some servers do not know HEAD, and a pre-signed URL allows GET only: ask for the first byte.
  const first = await client.request('GET', location, { range: 'bytes=0-0' }, signal, [416]);
  drop(first.response);
  const { size } = rangeOf(first);
  return {
    size: size ?? (first.status === 200 ? lengthOf(first.response) : null),
    etag: etagOf(first.response),
  };
}

async function readFile(client: HttpClient, location: HttpLocation, request: ReadRequest): Promise<OpenFile> {
  const reply = await client.request('GET', location, rangeHeaders(request), request.signal);
  const { response } = reply;
  const etag = etagOf(response);
  try {
    if (request.ifMatch !== null && etag !== request.ifMatch) {
      throw new SourceError(
        'changed',
        `${describeLocation(location)} was changed while it was being fetched`,
      );
    }
    refuseEncoded(location, response);
    const { offset, size } = reply.status === 206 ? rangeOf(reply) : { offset: 0, size: lengthOf(response) };
    if (offset > request.offset) {
      throw new SourceError(
        'refused',
        `${describeLocation(location)}: asked for byte ${request.offset}, got ${offset}`,
      );
    }
    const contentType = response.headers['content-type'] ?? null;
    return { size, etag, offset, contentType, stream: response, cancel: () => drop(response) };
  } catch (error) {
    drop(response);
    throw error;
  }
}

/** What the server squeezes on its way is not the file: lengths, ranges and checksums would all be of something else. */
function refuseEncoded(location: HttpLocation, response: IncomingMessage): void {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  // A .zst that is declared as an encoding arrives as it is stored.
  if (encoding === 'identity' || encoding === 'zstd') return;
  throw new SourceError(
    'refused',
    `The server of ${describeLocation(location)} sends it with Content-Encoding: ${encoding}`,
    {
      hint: 'Switch compression off on the server for these files.',
    },
  );
}

/** If-Range gives the whole new file when it was changed; a weak ETag may not be used in it (RFC 9110, 13.1.5). */
function rangeHeaders(request: ReadRequest): Record<string, string> {
  if (request.offset === 0) return {};
  const range = `bytes=${request.offset}-`;
  const strong = request.ifMatch !== null && !request.ifMatch.startsWith('W/');
  return strong ? { range, 'if-range': request.ifMatch } : { range };
}

function etagOf(response: IncomingMessage): string | null {
  return response.headers.etag ?? response.headers['last-modified'] ?? null;
}

function lengthOf(response: IncomingMessage): number | null {
  const text = response.headers['content-length'];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

function rangeOf(reply: HttpReply): { offset: number; size: number | null } {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(reply.response.headers['content-range'] ?? '');
  const size = match?.[2] === undefined || match[2] === '*' ? null : Number(match[2]);
  return { offset: Number(match?.[1] ?? 0), size };
}

async function listFolder(
  client: HttpClient,
  folder: HttpLocation,
  signal: AbortSignal,
): Promise<ListedFile[]> {
  const url = new URL(folder.url);
  // Without the slash most servers redirect, and those that do not make links relative to the parent.
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  const reply = await client.request('GET', { kind: 'http', url: url.href }, {}, signal, [404]);
  if (reply.status === 404) {
    drop(reply.response);
    return [];
  }
  const files = parseIndex(await textOf(reply.response, folder), reply.url);
  if (files === null) {
    throw new SourceError('refused', `${describeLocation(folder)} is not a directory index`, {
      hint: 'Switch the listing on (nginx: autoindex on; Apache: Options +Indexes), or use an S3 or file path.',
    });
  }
  return files;
}

async function textOf(response: IncomingMessage, folder: HttpLocation): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_INDEX_BYTES) {
        throw new SourceError(
          'refused',
          `${describeLocation(folder)} is not a directory index: it is too long`,
        );
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError('connection', `The listing of ${describeLocation(folder)} broke off`, {
      cause: error,
    });
  } finally {
    drop(response);
  }
  const expected = lengthOf(response);
  if (expected !== null && bytes < expected) {
    throw new SourceError('connection', `The listing of ${describeLocation(folder)} broke off`);
  }
  return Buffer.concat(chunks).toString('utf8');
}
