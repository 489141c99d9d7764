import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { AttemptFailure } from '../../core/domain/attempt-failure.ts';
import { isPortFree } from '../../core/net/free-port.ts';

export interface PortRange {
  /** Both included. */
  readonly first: number;
  readonly last: number;
}

export interface ReservedPorts {
  readonly ports: readonly number[];
  release(): void;
}

/** Below the ports that systems hand out to outgoing connections by default, above those of well-known services. */
const DEFAULT_EPHEMERAL: PortRange = { first: 32_768, last: 60_999 };
const LOWEST = 10_000;
const HIGHEST = 65_535;
/** Room for the ports of many workers, so that a range is worth using at all. */
const SMALLEST_RANGE = 1000;
const MOST_TRIES = 500;

/**
 * Picks free TCP ports of the loopback address and keeps them for us: nodeos opens its HTTP port only
 * when the whole replay is done, hours after it was picked, and finds out only then that it is taken.
 * A port is kept by the UDP port of the same number, which nodeos does not use: other workers on this
 * host pass over it, and it is free again when we end, however we end.
 * @param random a number from 0 up to 1: workers that start together should begin at different places
 * @throws AttemptFailure `nodeos-crash` when no port is free
 */
export async function reservePorts(
  count: number,
  random: () => number,
  range?: PortRange,
): Promise<ReservedPorts> {
  const { first, last } = range ?? usableRange(await ephemeralRange());
  const size = last - first + 1;
  const start = Math.floor(random() * size);
  const held: { port: number; lock: Socket }[] = [];
  const release = () => held.splice(0).forEach(({ lock }) => lock.close());
  for (let i = 0; i < Math.min(size, MOST_TRIES) && held.length < count; i++) {
    const port = first + ((start + i) % size);
    const lock = await lockPort(port);
    if (lock === null) continue;
    if (await isPortFree(port, '127.0.0.1')) held.push({ port, lock });
    else lock.close();
  }
  const ports = held.map(({ port }) => port);
  if (ports.length === count) return { ports, release };
  release();
  throw new AttemptFailure(
    'nodeos-crash',
    `No ${count} free ports between ${first} and ${last} were found for nodeos`,
    {
      hint: 'See what listens on this host: ss -tlnp',
    },
  );
}

/** The ports below or above those of outgoing connections, whichever are more. Pure. */
export function usableRange(ephemeral: PortRange): PortRange {
  const below = { first: LOWEST, last: ephemeral.first - 1 };
  const above = { first: Math.max(ephemeral.last + 1, LOWEST), last: HIGHEST };
  const size = (range: PortRange) => range.last - range.first + 1;
  const larger = size(below) >= size(above) ? below : above;
  // Nearly everything is ephemeral: then the test of each port has to do.
  return size(larger) >= SMALLEST_RANGE ? larger : { first: LOWEST, last: HIGHEST };
}

/** Reads the two numbers of /proc/sys/net/ipv4/ip_local_port_range (ip(7)). Pure. */
export function parseEphemeralRange(text: string): PortRange | null {
  const match = /^\s*(\d+)\s+(\d+)\s*$/.exec(text);
  if (!match) return null;
  const range = { first: Number(match[1]), last: Number(match[2]) };
  return range.first > 0 && range.first <= range.last && range.last <= HIGHEST ? range : null;
}

async function ephemeralRange(): Promise<PortRange> {
  const text = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '');
  return parseEphemeralRange(text) ?? DEFAULT_EPHEMERAL;
}

async function lockPort(port: number): Promise<Socket | null> {
  const socket = createSocket({ type: 'udp4' });
  socket.unref();
  try {
    const bound = once(socket, 'listening');
    socket.bind({ port, address: '127.0.0.1', exclusive: true });
    await bound;
    // Whatever arrives is dropped, and an error of the socket is no reason to end.
    socket.on('error', () => undefined);
    return socket;
  } catch {
    socket.close();
    return null;
  }
}
