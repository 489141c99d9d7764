import type { Server } from 'node:net';
import { type Run, say } from './run.ts';

/** A host and port as the options have it, such as `127.0.0.1:8888`; p2p adds a rate limit behind. */
export function parseEndpoint(text: string): { host: string; port: number; shown: string } {
  const [host = '', port = ''] = text.split(':');
  return { host: host === '' ? '0.0.0.0' : host, port: Number(port), shown: `${host}:${port}` };
}

/** Listens, and says so; on failure says what nodeos says and returns false. */
export async function listen(run: Run, server: Server, address: string, remark: string): Promise<boolean> {
  const { host, port, shown } = parseEndpoint(address);
  if (await tryListen(server, host, port)) {
    say(run, 'listening', `start listening on ${shown} resolved from ${shown}${remark}`);
    return true;
  }
  announceInUse(run, shown);
  return false;
}

function tryListen(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => resolve(true));
  });
}

export function announceInUse(run: Run, shown: string): void {
  const reason =
    "bind: Address already in use [system:98 at /usr/include/boost/asio/detail/reactive_socket_service.hpp:161:5 in function 'boost::system::error_code boost::asio::detail::reactive_socket_service<Protocol>::bind(implementation_type&, const endpoint_type&, boost::system::error_code&)']";
  say(run, 'listenFailed', `unable to listen on ${shown} resolved from ${shown}: ${reason}`, 'warn');
  say(run, 'listenNone', `none of the addresses resolved from ${shown} can be listened to`, 'error');
}

/** Closes a server and all its connections. */
export function closeServer(server: Server, sockets: Iterable<{ destroy(): void }>): void {
  server.close();
  for (const socket of sockets) socket.destroy();
}
