import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFaultPlan } from '../http-file-server/faults.ts';
import type { Fault, Faults } from '../http-file-server/faults.ts';
import { startLoopbackServer } from '../http-file-server/loopback-server.ts';
import type { TestServer } from '../http-file-server/loopback-server.ts';
import { serveFile } from '../http-file-server/serve-file.ts';
import { readFrom } from '../http-file-server/tree.ts';
import type { Root } from '../http-file-server/tree.ts';
import { listObjects } from './list-objects.ts';
import { sendError } from './s3-errors.ts';

export type { Fault, Faults } from '../http-file-server/faults.ts';
export type { TestServer } from '../http-file-server/loopback-server.ts';

export interface S3ServerOptions {
  /** Objects by `bucket/key`, or a folder with a folder for each bucket. */
  root: Root;
  /** By `bucket/key`; a listing's is `bucket/prefix` with `on: 'LIST'`. */
  faults?: Faults;
  /** Entries in one page of a listing; 1000 unless said otherwise, as with the real one. */
  pageSize?: number;
  /** Refuses requests that are signed with another access key (403 InvalidAccessKeyId). */
  accessKey?: string;
}

/**
 * A small S3: GET and HEAD of objects with ranges and conditions, ListObjectsV2 with prefix, delimiter and
 * continuation; path style only. Signatures are not verified.
 */
export function start(options: S3ServerOptions): Promise<TestServer> {
  const faultFor = createFaultPlan(options.faults ?? {});
  return startLoopbackServer(async (request, response, url) => {
    const path = decodeURIComponent(url.pathname).slice(1);
    const isListing = url.searchParams.get('list-type') === '2';
    const bucket = path.split('/')[0] ?? '';
    const key = path.slice(bucket.length + 1);
    const prefix = `${bucket}/${url.searchParams.get('prefix') ?? ''}`;
    const kind = request.method === 'HEAD' ? 'HEAD' : 'GET';
    const fault = isListing ? faultFor(prefix, 'LIST') : faultFor(path, kind);
    if (fault.silent === true) return;
    if (!isSignedBy(request, options.accessKey))
      return sendError(request, response, 403, 'InvalidAccessKeyId');
    if (fault.status !== undefined)
      return sendError(request, response, fault.status, undefined, fault.headers);
    if (isListing) return sendListing(request, response, options, bucket, url);
    await sendObject(request, response, options.root, `${bucket}/${key}`, fault);
  });
}

function isSignedBy(request: IncomingMessage, accessKey: string | undefined): boolean {
  return (
    accessKey === undefined || request.headers.authorization?.includes(`Credential=${accessKey}/`) === true
  );
}

async function sendObject(
  request: IncomingMessage,
  response: ServerResponse,
  root: Root,
  path: string,
  fault: Fault,
): Promise<void> {
  const bytes = readFrom(root, path);
  if (bytes === null) return sendError(request, response, 404, 'NoSuchKey');
  await serveFile(request, response, bytes, fault, 'binary/octet-stream');
}

function sendListing(
  request: IncomingMessage,
  response: ServerResponse,
  options: S3ServerOptions,
  bucket: string,
  url: URL,
): void {
  const xml = listObjects(options.root, bucket, url.searchParams, options.pageSize ?? 1000);
  if (xml === null) return sendError(request, response, 404, 'NoSuchBucket');
  response
    .writeHead(200, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(xml) })
    .end(xml);
}
