import type { ServerResponse } from 'node:http';
import { createFaultPlan } from './faults.ts';
import type { Fault, Faults } from './faults.ts';
import { renderIndex } from './index-page.ts';
import type { IndexStyle } from './index-page.ts';
import { startLoopbackServer } from './loopback-server.ts';
import type { TestServer } from './loopback-server.ts';
import { serveFile } from './serve-file.ts';
import { pathsUnder, readFrom } from './tree.ts';
import type { Root } from './tree.ts';

export type { Fault, Faults } from './faults.ts';
export type { TestServer } from './loopback-server.ts';

export interface HttpFileServerOptions {
  root: Root;
  /** By path without the slash in front: `snapshots/a.bin.zst`, `blocks/` for a listing. */
  faults?: Faults;
  /** How folders are shown; nginx unless said otherwise. */
  index?: IndexStyle;
  contentType?: string;
}

/** A web server for files, like those that snapshots lie on, with the misbehaviour that a test asks for. */
export function start(options: HttpFileServerOptions): Promise<TestServer> {
  const faultFor = createFaultPlan(options.faults ?? {});
  return startLoopbackServer(async (request, response, url) => {
    const name = decodeURIComponent(url.pathname).slice(1);
    const isFolder = name === '' || name.endsWith('/');
    const fault = faultFor(name, isFolder ? 'LIST' : request.method === 'HEAD' ? 'HEAD' : 'GET');
    if (spoil(response, fault)) return;
    if (isFolder) return sendIndex(response, options, name);
    const bytes = readFrom(options.root, name);
    if (bytes !== null) return serveFile(request, response, bytes, fault, options.contentType);
    const isNamedFolder = pathsUnder(options.root, `${name}/`).length > 0;
    if (isNamedFolder) response.writeHead(301, { location: `${url.pathname}/` }).end();
    else response.writeHead(404, { 'content-type': 'text/html' }).end('<html><h1>404 Not Found</h1></html>');
  });
}

/** The faults that need no file. Returns true when the answer is given, or never will be. */
function spoil(response: ServerResponse, fault: Fault): boolean {
  if (fault.silent === true) return true;
  if (fault.status === undefined) return false;
  response.writeHead(fault.status, fault.headers).end();
  return true;
}

function sendIndex(response: ServerResponse, options: HttpFileServerOptions, folder: string): void {
  const below = pathsUnder(options.root, folder).map((name) => name.slice(folder.length));
  if (below.length === 0) return void response.writeHead(404).end();
  const names = [...new Set(below.map((name) => name.replace(/\/.*$/s, '/')))];
  const entries = names.map((name) => ({ name, size: readFrom(options.root, folder + name)?.length ?? 0 }));
  const { contentType, body } = renderIndex(options.index ?? 'nginx', folder, entries);
  response
    .writeHead(200, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) })
    .end(body);
}
