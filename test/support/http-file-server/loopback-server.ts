import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SeenRequest } from './faults.ts';

export interface TestServer {
  /** `http://127.0.0.1:<port>`, no slash at the end. */
  readonly url: string;
  /** What was asked so far, oldest first; at most the last thousand. */
  readonly requests: SeenRequest[];
  /** Breaks all connections and stops. May be called again. */
  close(): Promise<void>;
}

const MAX_REQUESTS_KEPT = 1000;

/** A server on a free port of the loopback interface, which records what it is asked. */
export async function startLoopbackServer(
  answer: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>,
): Promise<TestServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = decodeURIComponent(url.pathname).slice(1);
    requests.push({ method: request.method ?? '', path, query: url.search, headers: request.headers });
    if (requests.length > MAX_REQUESTS_KEPT) requests.shift();
    // A client that goes away is what many tests are about.
    response.on('error', () => undefined);
    answer(request, response, url).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let closed: Promise<unknown> | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: async () => {
      if (closed === undefined) {
        closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
      }
      await closed;
    },
  };
}
