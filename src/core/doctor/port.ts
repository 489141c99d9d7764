import { once } from 'node:events';
import { createServer } from 'node:net';

/** Whether we could listen on a port of all addresses of this machine. */
export async function portIsFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    const listening = once(server, 'listening');
    server.listen({ port, exclusive: true });
    await listening;
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
