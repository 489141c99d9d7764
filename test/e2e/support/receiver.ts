import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Notification } from '../../../src/core/notify/notification.ts';
import type { Scene } from './scene.ts';

/** One request as it came. */
export interface Received {
  key: string | undefined;
  path: string | undefined;
  body: { id: string; notifications: Notification[] };
}

type Answer = (response: ServerResponse) => void;

export const REFUSES: Answer = (response) => void response.writeHead(503).end('not now');
export const LATE: Answer = (response) => void setTimeout(() => response.end('ok'), 300);
/** It has come, and nobody hears that. */
export const LOSES_THE_ANSWER: Answer = (response) => response.socket?.destroy();
export const SILENT: Answer = () => undefined;
const TAKES_IT: Answer = (response) => void response.end('ok');

/** Something that is told by webhook. It answers as it is told to, one answer a request, and then takes all. */
export class Receiver {
  readonly received: Received[] = [];
  readonly answers: Answer[] = [];
  readonly #server = createServer((request, response) => void this.#take(request, response));

  /** It ends with the scene. */
  static async start(scene: Scene): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    scene.onEnd(async () => {
      receiver.#server.closeAllConnections();
      receiver.#server.close();
    });
    return receiver;
  }

  /** @param path with a slash before it */
  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  /** In the order in which they came, without the part that is each run's own. */
  get ids(): string[] {
    const all = this.received.flatMap(({ body }) => body.notifications);
    return all.map(({ id }) => id.replace(/^run \d+\.\w+\//u, ''));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
    const key = request.headers['idempotency-key'] as string | undefined;
    const answer = this.answers.shift() ?? TAKES_IT;
    this.received.push({ key, path: request.url, body: JSON.parse(text) as Received['body'] });
    answer(response);
  }
}
