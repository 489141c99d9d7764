import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Whether a TCP port could be listened on.
 * @param host address of this machine; absent: all of them
 */
export async function isPortFree(port: number, host?: string): Promise<boolean> {
  const server = createServer();
  try {
    const listening = once(server, 'listening');
    server.listen({ port, ...(host === undefined ? {} : { host }), exclusive: true });
    await listening;
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
