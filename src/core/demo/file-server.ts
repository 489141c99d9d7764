import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface FileServer {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves one folder on a free loopback port: files whole, folders as a page of links, as the web
 * servers do that people put snapshots on.
 */
export async function startFileServer(root: string): Promise<FileServer> {
  const server = createServer((request, response) => {
    answer(root, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  // normalize() of an absolute path cannot climb above its root.
  const path = join(root, normalize(decodeURIComponent(pathname)));
  const found = await stat(path).catch(() => null);
  if (found === null) {
    response.writeHead(404).end('Not found');
  } else if (found.isDirectory()) {
    const names = await readdir(path);
    const links = names.map(
      (name) => `<a href="${encodeURIComponent(name)}">${encodeURIComponent(name)}</a>`,
    );
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(links.join('\n'));
  } else {
    response.writeHead(200, { 'Content-Length': found.size, 'Content-Type': 'application/octet-stream' });
    if (request.method === 'HEAD') response.end();
    else await pipeline(createReadStream(path), response);
  }
}
