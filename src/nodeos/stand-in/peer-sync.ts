import { type Socket, connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Advance, announceFullDisk } from './advance.ts';
import { parseEndpoint } from './listen.ts';
import type { PeerOffer, PeerRequest } from './peer-server.ts';
import { announceReached } from './replay-log.ts';
import { type Run, chainOf, endBlock, fault, say } from './run.ts';
import type { HeadBlock } from './state-folder.ts';

/** nodeos tries an unreachable peer again after this long. */
const RETRY_MS = 30_000;

/** Follows the peers in turn until the end block is reached or a stop is asked for. */
export async function syncFromPeers(run: Run, addresses: readonly string[]): Promise<void> {
  if (fault(run, 'disk-full')?.block === null) announceFullDisk(run);
  const advance = new Advance(run);
  for (let round = 0; !run.quit.requested; round += 1) {
    const address = addresses[round % addresses.length] ?? '';
    await followPeer(run, advance, address, round === 0 ? 1 : null);
    if (!run.quit.requested && round % addresses.length === addresses.length - 1)
      await run.quit.wait(RETRY_MS);
  }
}

async function followPeer(run: Run, advance: Advance, address: string, connection: 1 | null): Promise<void> {
  const { host, port, shown } = parseEndpoint(address);
  if (connection !== null) {
    const name =
      run.form.product === 'spring'
        ? `created connection - ${connection}`
        : `created connection ${connection}`;
    netLine(run, 'peerCreated', `${name} to ${shown}`);
  }
  const socket = await open(host, port);
  if (socket === null) {
    netLine(run, 'peerFailed', `connection failed to ${shown}, Connection refused`);
    return;
  }
  const stop = run.quit.wait().then(() => socket.destroy());
  try {
    await receive(run, advance, socket, `["${shown}" - 1 ${shown}]`);
  } finally {
    socket.destroy();
    if (run.quit.requested) await stop;
  }
}

function open(host: string, port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => resolve(socket));
    socket.on('error', () => resolve(null));
  });
}

/** Blocks that a peer has sent already, beyond the end block, when nodeos reaches it. */
const AHEAD = 19;

async function receive(run: Run, advance: Advance, socket: Socket, peer: string): Promise<void> {
  const { chainId, head } = chainOf(run);
  const request: PeerRequest = { standIn: 1, chainId, from: head.block + 1 };
  socket.write(`${JSON.stringify(request)}\n`);
  const lines = createInterface({ input: socket });
  // Neither a broken connection nor our own end of it would end the lines.
  socket.on('close', () => lines.close());
  let offer: PeerOffer | null = null;
  let ahead: HeadBlock | null = null;
  const end = stopBlock(run);
  for await (const line of lines) {
    if (run.quit.requested) return;
    if (offer === null) {
      offer = JSON.parse(line) as PeerOffer;
      announceOffer(run, offer, peer);
      continue;
    }
    const block = JSON.parse(line) as HeadBlock;
    if (end === 0 || block.block <= end) await applyReceived(run, advance, block);
    if (end === 0 || block.block < end) continue;
    ahead = block;
    if (block.block >= Math.min(offer.last, end + AHEAD)) break;
  }
  if (ahead !== null && !run.quit.requested) finish(run, ahead);
}

function stopBlock(run: Run): number {
  const end = endBlock(run);
  return end === 0 ? 0 : end + (fault(run, 'head-beyond') === null ? 0 : 3);
}

/** At the end block: what came after it stays in the fork database of Spring; Leap refuses it. */
function finish(run: Run, ahead: HeadBlock): void {
  const { head } = chainOf(run);
  const isSpring = run.form.product === 'spring';
  run.forkDatabase = { root: head, head: isSpring ? ahead : head };
  if (!isSpring) announceIdle(run);
  announceReached(run, 'reachedSync');
  if (isSpring) return;
  announceIdle(run);
  if (ahead.block > head.block) announceUnlinkable(run, ahead);
}

/** Leap says it once more whenever it looks for something to do. */
function announceIdle(run: Run): void {
  announceReached(run, 'reachedIdle');
  say(run, 'pendingFailed', 'Failed to start a pending block, will try again later', 'error');
}

function announceUnlinkable(run: Run, { block, id }: HeadBlock): void {
  const what = `unlinkable block ${id}`;
  const values = JSON.stringify({ id, previous: chainOf(run).head.id });
  const failure = `3030001 unlinkable_block_exception: Unlinkable block\n${what}\n    ${values}\n    chain-0  ${run.form.at('throwUnlinkable')}\n`;
  say(run, 'unlinkable', `Exception on block ${block}: ${failure}`, 'error');
  const short = `#${block} ${id.slice(8, 24)}...: Unlinkable block (3030001)`;
  say(run, 'unlinkableIn', `unlinkable_block_exception connection 1: ${short}\n${what}\n`);
}

function announceOffer(run: Run, offer: PeerOffer, peer: string): void {
  const { block } = chainOf(run).head;
  if (offer.last <= block) return;
  const isSpring = run.form.product === 'spring';
  netLine(run, 'syncState', 'old state in sync becoming lib catchup');
  const heads = isSpring ? `fhead ${block}` : `head ${block}`;
  netLine(
    run,
    'syncChunk',
    `${peer} Catching up with chain, our last req is 0, theirs is ${offer.last}, next expected ${block + 1}, ${heads}`,
  );
  const to = Math.min(offer.last, block + Number(run.options.value('sync-fetch-span')));
  const roots = isSpring ? `fhead ${block}, froot ${block}` : `head ${block}`;
  netLine(run, 'syncRange', `${peer} requesting range ${block + 1} to ${to}, ${roots}`);
}

async function applyReceived(run: Run, advance: Advance, head: HeadBlock): Promise<void> {
  await advance.apply(head);
  run.forkDatabase = { root: head, head };
  if (head.block % 1000 === 0) announceReceived(run, head);
}

/** One line for every thousandth block while the node is behind. The figures of the trailer are made up. */
function announceReceived(run: Run, head: HeadBlock): void {
  const latency = run.io.now().getTime() - Date.parse(`${head.time}Z`);
  const trailer =
    run.form.product === 'spring'
      ? `lib: ${head.block - 1}, net: 0, cpu: 100 us, elapsed: 11 us, applying time: 65 us, latency: ${latency} ms`
      : `lib: ${head.block - 1}, confirmed: 0, net: 0, cpu: 100, elapsed: 11, time: 65, latency: ${latency} ms`;
  say(
    run,
    'received',
    `Received block ${head.id.slice(8, 24)}... #${head.block} @ ${head.time} signed by ${head.producer} [trxs: 0, ${trailer}]`,
  );
}

function netLine(run: Run, place: string, message: string): void {
  run.log.line('info', run.form.at(place), message, 'net-0');
}
