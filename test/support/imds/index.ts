import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stand-in for the instance metadata service of EC2 with IMDSv2 required. */
export interface ImdsStandIn {
  /** For AWS_EC2_METADATA_SERVICE_ENDPOINT. */
  url: string;
  /** What there is under `/latest/meta-data/`; everything else is 404. */
  items: Map<string, string>;
  /** `GET spot/instance-action 404`, in the order of the questions. */
  asked: string[];
  /** Ends all sessions: what is asked with an old one is 401. */
  endSessions(): void;
  /** Every answer from now on has this status; null: as it should be. */
  fail(status: number | null): void;
  close(): Promise<void>;
}

/** @param host the address to listen on; in a network namespace the real one can be had */
export async function startImds(host = '127.0.0.1', port = 0): Promise<ImdsStandIn> {
  const items = new Map<string, string>();
  const asked: string[] = [];
  let session = 1;
  let failing: number | null = null;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const answer = (status: number, body = ''): void => {
      asked.push(`${request.method} ${path.replace('/latest/meta-data/', '')} ${status}`);
      response.writeHead(status, { 'Content-Type': 'text/plain' }).end(body);
    };
    if (failing !== null) answer(failing);
    else if (path === '/latest/api/token') {
      const ttl = Number(request.headers['x-aws-ec2-metadata-token-ttl-seconds']);
      if (request.method !== 'PUT' || !(ttl >= 1 && ttl <= 21_600)) answer(400);
      else answer(200, `session-${session}`);
    } else if (request.headers['x-aws-ec2-metadata-token'] !== `session-${session}`) answer(401);
    else {
      const item = items.get(path.replace('/latest/meta-data/', ''));
      if (item === undefined) answer(404, 'Not Found');
      else answer(200, item);
    }
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    items,
    asked,
    endSessions: () => void (session += 1),
    fail: (status) => void (failing = status),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
