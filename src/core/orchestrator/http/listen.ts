import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { lookup } from 'node:dns/promises';
import type { AddressInfo, Socket } from 'node:net';
import { ExitCode } from '../../domain/exit-codes.ts';
import { UserError } from '../../domain/user-error.ts';
import { plainAddress } from '../access/addresses.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';

export interface Listening {
  /** `http://host:port`, with an address that can be reached from this machine. */
  url: string;
  port: number;
  /** Stops accepting, lets running answers finish until the deadline, then cuts them off. */
  close(deadlineMs: number): Promise<void>;
}

/** @throws UserError with the exit code `cannotStart` when the address cannot be used */
export async function listen(
  listener: RequestListener,
  host: string,
  port: number,
  limits: Limits = DEFAULT_LIMITS,
): Promise<Listening> {
  let closing = false;
  const server = createServer(serverOptions(limits), (request, response) => {
    // A caller that keeps its connection must not keep the server from closing.
    if (closing) response.setHeader('Connection', 'close');
    response.once('finish', () => {
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
    silent.delete(request.socket);
    listener(request, response);
  });
  server.maxConnections = limits.connections;
  limitPerAddress(server, limits);
  const silent = watchSilent(server);
  await bind(server, host, port);
  const actual = (server.address() as AddressInfo).port;
  return {
    url: `http://${urlHost(host)}:${actual}`,
    port: actual,
    close: async (deadlineMs) => {
      closing = true;
      for (const socket of silent) socket.destroy();
      await shutDown(server, deadlineMs);
    },
  };
}

function serverOptions({ headerBytes, headersMs, requestMs }: Limits): ServerOptions {
  return {
    maxHeaderSize: headerBytes,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    // How often the two are looked at; half a minute is the default.
    connectionsCheckingInterval: Math.min(1000, headersMs),
    // Longer than the 60 s that load balancers usually keep a connection.
    keepAliveTimeout: 65_000,
  };
}

/** Closes what comes in above the limit at once: the others of that address keep what they have. */
function limitPerAddress(server: Server, { connectionsPerAddress, exempt }: Limits): void {
  const counts = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress);
    const count = (counts.get(address) ?? 0) + 1;
    if (count > connectionsPerAddress && !exempt.includes(address)) {
      socket.destroy();
      return;
    }
    counts.set(address, count);
    socket.once('close', () => {
      const left = (counts.get(address) ?? 1) - 1;
      if (left === 0) counts.delete(address);
      else counts.set(address, left);
    });
  });
}

/** Connections that have not asked for anything yet; Node does not count them among the idle ones. */
function watchSilent(server: Server): Set<Socket> {
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  return silent;
}

async function bind(server: Server, host: string, port: number): Promise<void> {
  try {
    // Bun says ENOTTY, whatever is wrong with a name.
    const { address } = await lookup(host);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, address, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, host, port);
  }
}

async function shutDown(server: Server, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearTimeout(timer);
}

const UNKNOWN_NAME: [string, string] = [
  'has a host name that is not known',
  'Give an address of this machine with --host.',
];

const REASONS: Record<string, [reason: string, hint: string]> = {
  EADDRINUSE: ['is in use by another program', 'Stop that program, or choose another port with --port.'],
  EACCES: [
    'is not allowed for this user',
    'Ports below 1024 need special rights; choose another with --port.',
  ],
  EADDRNOTAVAIL: [
    'is not an address of this machine',
    'Give one of its addresses with --host, or 0.0.0.0 for all.',
  ],
  ENOTFOUND: UNKNOWN_NAME,
  EAI_AGAIN: UNKNOWN_NAME,
  EAI_NONAME: UNKNOWN_NAME,
};

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): UserError {
  const [reason, hint] = REASONS[error.code ?? ''] ?? [
    `cannot be used: ${error.message}`,
    'Choose another address with --host and --port.',
  ];
  return new UserError({
    code: 'CANNOT_LISTEN',
    message: `Address ${host}:${port} ${reason}.`,
    hint,
    exitCode: ExitCode.cannotStart,
    cause: error,
  });
}

/** A host as it stands in a URL; a wildcard address is reached from here as the loopback. */
function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
