import { type Server, type Socket, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { headOf } from './advance.ts';
import { openBlockLog } from './block-log.ts';
import { type Run, breathe } from './run.ts';
import type { HeadBlock } from './state-folder.ts';

/**
 * What stand-ins say to each other on their p2p ports. It is not the network protocol of the chain: one line
 * of JSON asks for blocks, one line tells what there is, then a line for each block from the block logs.
 */
export interface PeerRequest {
  readonly standIn: 1;
  readonly chainId: string;
  readonly from: number;
}

export interface PeerOffer {
  readonly chainId: string | null;
  readonly first: number;
  readonly last: number;
}

/** Serves the blocks that are in the block logs of this node. */
export function createPeerServer(run: Run): Server {
  return createServer((socket) => {
    socket.on('error', () => socket.destroy());
    const lines = createInterface({ input: socket });
    lines.on('error', () => socket.destroy());
    lines.once('line', (line) => {
      const request = parseRequest(line);
      if (request === null) socket.destroy();
      else void sendBlocks(run, socket, request).catch(() => socket.destroy());
    });
  });
}

function parseRequest(line: string): PeerRequest | null {
  try {
    const request = JSON.parse(line) as PeerRequest;
    return request.standIn === 1 ? request : null;
  } catch {
    return null;
  }
}

async function sendBlocks(run: Run, socket: Socket, request: PeerRequest): Promise<void> {
  const { chainId, range } = run.blockLog;
  const offer: PeerOffer = { chainId, first: range?.first ?? 0, last: range?.last ?? 0 };
  socket.write(`${JSON.stringify(offer)}\n`);
  if (chainId !== request.chainId || request.from < offer.first) {
    socket.end();
    return;
  }
  const reader = openBlockLog(run.blockLog);
  try {
    for (let block = request.from; block <= offer.last && !socket.destroyed; block += 1) {
      const header = reader.header(block);
      if (header === null) return;
      const head: HeadBlock = headOf(header);
      if (!socket.write(`${JSON.stringify(head)}\n`)) await breathe();
    }
  } finally {
    reader.close();
  }
}
