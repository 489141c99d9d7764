import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Scene } from './scene.ts';

/** A port that somebody else listens on, for the time of the test. */
export async function takenPort(scene: Scene): Promise<number> {
  const { port, close } = await listen();
  scene.onEnd(close);
  return port;
}

/** A port that nobody listens on: it was free a moment ago. */
export async function freePort(): Promise<number> {
  const { port, close } = await listen();
  await close();
  return port;
}

async function listen(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.close();
    await once(server, 'close');
  };
  return { port, close };
}
