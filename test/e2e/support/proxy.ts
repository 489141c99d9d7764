import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Scene } from './scene.ts';

/** What becomes of the answer to a request that the orchestrator has carried out. */
type Loss = 'dropped' | 'held';

export interface Proxy {
  url: string;
  /**
   * The answer to the next POST whose body contains the text does not arrive: the connection breaks, or
   * stays silent. Resolves when the orchestrator has carried the request out.
   */
  lose(text: string, loss: Loss): Promise<void>;
}

interface Plan {
  text: string;
  loss: Loss;
  happened: () => void;
}

/** Stands between workers and an orchestrator and loses answers: what a network does at the worst time. */
export async function startProxy(scene: Scene, orchestrator: string): Promise<Proxy> {
  const plans: Plan[] = [];
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing, orchestrator, plans).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  scene.onEnd(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lose: (text, loss) =>
      new Promise((happened) => {
        plans.push({ text, loss, happened });
      }),
  };
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  orchestrator: string,
  plans: Plan[],
): Promise<void> {
  const body = await wholeBody(incoming);
  const onward = request(new URL(incoming.url ?? '/', orchestrator), {
    method: incoming.method,
    headers: incoming.headers,
    agent: false,
  });
  onward.end(body);
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  const content = await wholeBody(answer);
  const at = plans.findIndex(({ text }) => incoming.method === 'POST' && body.includes(text));
  if (at === -1) {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(content);
    return;
  }
  const [plan] = plans.splice(at, 1);
  plan!.happened();
  if (plan!.loss === 'dropped') outgoing.destroy();
}

async function wholeBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
