import type { Server, Socket } from 'node:net';
import { announceFileSystems, announceNetwork, announceUrls } from './announce-services.ts';
import type { Api } from './api-urls.ts';
import { createApiServer } from './http-api.ts';
import { announceInUse, closeServer, listen, parseEndpoint } from './listen.ts';
import { createPeerServer } from './peer-server.ts';
import { syncFromPeers } from './peer-sync.ts';
import { announceReached } from './replay-log.ts';
import { type Run, chainOf, endBlock, fault, say } from './run.ts';

/** What became of the plugins that start after the chain. */
export interface Services {
  /** Whether a port could not be had. */
  failed: boolean;
  /** Whether Leap came as far as starting its network plugins. */
  networkStarted: boolean;
  /** Whether the producer plugin was started. */
  producerStarted: boolean;
  peers: number;
  close(): void;
}

/**
 * Starts everything behind the chain: API announcements, p2p and HTTP listeners, the sync from peers; then
 * waits until the end block is reached or a stop is asked for. The listeners are closed when this returns.
 */
export async function serve(run: Run): Promise<Services> {
  const servers = new Set<Server>();
  const sockets = new Set<Socket>();
  const services: Services = {
    failed: false,
    networkStarted: false,
    producerStarted: true,
    peers: 0,
    close: () => {
      for (const server of servers) closeServer(server, sockets);
    },
  };
  const open = (server: Server): Server => {
    servers.add(server);
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    return server;
  };
  const apis = apisOf(run);
  if (run.form.product === 'spring') await serveSpring(run, services, apis, open);
  else await serveLeap(run, services, apis, open);
  return services;
}

/** The APIs whose plugins are configured, in the order of their announcement. */
function apisOf(run: Run): Api[] {
  const plugins = run.options.values('plugin');
  return (['chain', 'producer', 'net'] as const).filter((api) =>
    plugins.includes(`eosio::${api}_api_plugin`),
  );
}

async function serveSpring(
  run: Run,
  services: Services,
  apis: Api[],
  open: (server: Server) => Server,
): Promise<void> {
  announceUrls(run, apis, 'chain');
  announceUrls(run, apis, 'producer');
  announceNetwork(run);
  say(run, 'syncRate', SYNC_RATE);
  services.networkStarted = true;
  if (!(await listenForPeers(run, open))) {
    const text = `net_plugin::plugin_startup failed to listen on ${p2pAddress(run)}, Bad address`;
    say(run, 'p2pListenFailed', text, 'error');
    services.failed = true;
    return;
  }
  announceUrls(run, apis, 'net');
  announceFileSystems(run);
  if (!(await openHttp(run, apis, open))) {
    services.failed = true;
    run.quit.request();
    run.log.raw('Caught application loop exception: "Bad address"\n');
    return;
  }
  if (isAtEnd(run)) {
    announceReached(run, 'reachedIdle');
    say(run, 'pendingFailed', 'Failed to start a pending block, will try again later', 'warn');
  } else if (builds(run)) {
    applyPending(run);
  }
  await idle(run, services);
}

async function serveLeap(
  run: Run,
  services: Services,
  apis: Api[],
  open: (server: Server) => Server,
): Promise<void> {
  if (apis.includes('chain')) say(run, 'chainApi', 'starting chain_api_plugin');
  announceUrls(run, apis, 'chain');
  say(run, 'producerBegin', 'producer plugin:  plugin_startup() begin');
  if (isAtEnd(run)) {
    announceReached(run, 'reachedIdle');
    say(run, 'pendingFailed', 'Failed to start a pending block, will try again later', 'error');
  }
  say(run, 'producerEnd', 'producer plugin:  plugin_startup() end');
  if (run.quit.requested) return;
  if (apis.includes('producer')) say(run, 'producerApi', 'starting producer_api_plugin');
  announceUrls(run, apis, 'producer');
  announceNetwork(run);
  if (apis.includes('net')) say(run, 'netApi', 'starting net_api_plugin');
  announceUrls(run, apis, 'net');
  announceFileSystems(run);
  say(run, 'syncRate', SYNC_RATE);
  services.networkStarted = true;
  if (!(await listenForPeers(run, open)) || !(await openHttp(run, apis, open))) {
    services.failed = true;
    run.quit.request();
    return;
  }
  await idle(run, services);
}

const SYNC_RATE = 'setting block_sync_rate_limit to 0.00000000000000000 megabytes per second';

async function idle(run: Run, services: Services): Promise<void> {
  const peers = run.options.values('p2p-peer-address');
  services.peers = peers.length;
  if (peers.length > 0) await syncFromPeers(run, peers);
  await run.quit.wait();
}

/**
 * The producer plugin finds the end block reached when it wants to build on the head. With all transactions
 * refused it never wants to, and nodeos waits for ever.
 */
function isAtEnd(run: Run): boolean {
  const end = endBlock(run);
  return end > 0 && chainOf(run).head.block >= end && builds(run);
}

function builds(run: Run): boolean {
  return run.options.isOn('p2p-accept-transactions') || run.options.isOn('api-accept-transactions');
}

/** Spring goes on to the head of its fork database once it builds blocks: the state moves past the end. */
function applyPending(run: Run): void {
  const chain = chainOf(run);
  const ahead = run.forkDatabase?.head ?? chain.head;
  if (ahead.block > chain.head.block) run.state = { ...chain, head: ahead };
}

function p2pAddress(run: Run): string {
  return parseEndpoint(run.options.value('p2p-listen-endpoint') ?? '').shown;
}

async function listenForPeers(run: Run, open: (server: Server) => Server): Promise<boolean> {
  const clients = run.options.value('max-clients');
  return listen(run, open(createPeerServer(run)), p2pAddress(run), `, max clients is ${clients}`);
}

/** Without an API plugin there is no HTTP. */
async function openHttp(run: Run, apis: Api[], open: (server: Server) => Server): Promise<boolean> {
  if (apis.length === 0 && !run.options.values('plugin').includes('eosio::http_plugin')) return true;
  const address = run.options.value('http-server-address') ?? '';
  const { shown } = parseEndpoint(address);
  if (fault(run, 'port-in-use') !== null) announceInUse(run, shown);
  else if (await listen(run, open(createApiServer(run, apis)), address, ' for API categories: all'))
    return true;
  say(run, 'httpFailed', `http service failed to start for ${shown}: Bad address`, 'error');
  say(run, 'httpStartupFailed', 'http_plugin startup fails for Bad address', 'error');
  return false;
}
