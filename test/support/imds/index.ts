import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerFor } from './paths.ts';

/** A stand-in for the instance metadata service of EC2 with IMDSv2 required. */
export interface ImdsStandIn {
  /** For AWS_EC2_METADATA_SERVICE_ENDPOINT. */
  url: string;
  port: number;
  /** What there is under `/latest/meta-data/`; folders follow from it, and everything else is 404. */
  items: Map<string, string>;
  /** What there is beside it: `user-data`, `dynamic/instance-identity/document`. */
  others: Map<string, string>;
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
  const others = new Map<string, string>();
  const asked: string[] = [];
  let session = 1;
  let failing: number | null = null;
  const tree = (): Map<string, string> =>
    new Map([...others, ...Array.from(items, ([path, text]) => [`meta-data/${path}`, text] as const)]);
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
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
      const found = answerFor(tree(), path);
      if (found === null) answer(404, 'Not Found');
      else answer(200, found);
    }
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const listening = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${listening}`,
    port: listening,
    items,
    others,
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
