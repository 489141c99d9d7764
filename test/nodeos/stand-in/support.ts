import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { StandInIo, StopSignal } from '../../../src/nodeos/stand-in/io.ts';
import { runStandIn } from '../../../src/nodeos/stand-in/main.ts';
import { protocolFeatures } from '../../../src/nodeos/stand-in/protocol-features.ts';

export const FIXTURES = join(import.meta.dirname, '../../fixtures/nodeos');
export const HASHES = join(FIXTURES, 'recorded-hashes.json');

export type Chain = 'spring-1.2.2' | 'leap-5.0.3';

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** How a run in this process ended. */
export interface Ended {
  readonly exit: number | NodeJS.Signals;
  readonly stderr: string;
  readonly stdout: string;
}

export interface RunHooks {
  /** Called with each piece of the log; may send signals. */
  onText?: (text: string, signal: (name: StopSignal) => void) => void;
}

class Death extends Error {
  readonly signal: NodeJS.Signals;
  constructor(signal: NodeJS.Signals) {
    super(signal);
    this.signal = signal;
  }
}

/** Runs the stand-in inside this process, with the recorded hashes of the real chains. */
export async function run(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  hooks: RunHooks = {},
): Promise<Ended> {
  let stderr = '';
  let stdout = '';
  const handlers = new Map<StopSignal, () => void>();
  const io: StandInIo = {
    writeOutput: (text) => {
      stdout += text;
    },
    writeError: (text) => {
      stderr += text;
      hooks.onText?.(text, (name) => handlers.get(name)?.());
    },
    onSignal: (name, handler) => {
      handlers.set(name, handler);
    },
    die: (signal) => {
      throw new Death(signal);
    },
    now: () => new Date('2026-11-22T13:00:00.000Z'),
  };
  try {
    const exit = await runStandIn(argv, { REPLAY_STAND_IN_HASHES: HASHES, HOME: tmpdir(), ...env }, io);
    return { exit, stderr, stdout };
  } catch (error) {
    if (error instanceof Death) return { exit: error.signal, stderr, stdout };
    throw error;
  }
}

/** Sends SIGTERM once the HTTP interface is open, or after whatever text is given. */
export function terminateAfter(text = 'for API categories: all'): RunHooks {
  return {
    onText: (line, signal) => {
      if (line.includes(text)) signal('SIGTERM');
    },
  };
}

/** A recorded log of the real program. */
export function realLog(chain: Chain, name: string): string {
  const path = join(FIXTURES, chain, 'logs', `${name}.log`);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return gunzipSync(readFileSync(`${path}.gz`)).toString('utf8');
  }
}

/** A free port of the loopback interface. */
export async function freePort(): Promise<number> {
  const server = await occupy(0);
  const port = portOf(server);
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

export function occupy(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Decompressed fixture file: `snapshots/….bin` by block, or `blocks/blocks-1-1000.log`. */
export function fixture(chain: Chain, name: string): Buffer {
  return zstdDecompressSync(readFileSync(join(FIXTURES, chain, `${name}.zst`)));
}

export function snapshotBytes(chain: Chain, block: number): Buffer {
  const names = readdirSync(join(FIXTURES, chain, 'snapshots'));
  const name = names.find((each) => each.includes(`-${String(block).padStart(10, '0')}.bin`)) ?? '';
  return fixture(chain, `snapshots/${name.replace(/\.zst$/, '')}`);
}

/** Puts stride files of a real chain where nodeos looks for them. */
export function putStrides(chain: Chain, dataDir: string, firsts: readonly number[], index = true): void {
  const folder = join(dataDir, 'blocks/retained');
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(join(FIXTURES, chain, 'blocks'))) {
    const [, first = '', kind = ''] = /^blocks-(\d+)-\d+\.(log|index)\.zst$/.exec(name) ?? [];
    if (!firsts.includes(Number(first)) || (kind === 'index' && !index)) continue;
    const plain = name.replace(/\.zst$/, '');
    writeFileSync(join(folder, plain), fixture(chain, `blocks/${plain}`));
  }
}

/** Puts one `blocks.log` with the blocks `first` to `last` of a real chain, as `block-log` tools make it. */
export function putLog(chain: Chain, dataDir: string, first: number, last: number): void {
  const folder = join(dataDir, 'blocks');
  mkdirSync(folder, { recursive: true });
  const { log, index } = joinLogs(chain, first, last);
  writeFileSync(join(folder, 'blocks.log'), log);
  writeFileSync(join(folder, 'blocks.index'), index);
}

function joinLogs(chain: Chain, first: number, last: number): { log: Buffer; index: Buffer } {
  const names = readdirSync(join(FIXTURES, chain, 'blocks'));
  const parts: Buffer[] = [];
  const positions: Buffer[] = [];
  let at = 0;
  const strides = names
    .map((name) => /^blocks-(\d+)-(\d+)\.log\.zst$/.exec(name))
    .filter((match) => match !== null)
    .map(([, from, to]) => ({ from: Number(from), to: Number(to) }))
    .toSorted((a, b) => a.from - b.from);
  for (const { from, to } of strides) {
    if (to < first || from > last) continue;
    const log = fixture(chain, `blocks/blocks-${from}-${to}.log`);
    const index = fixture(chain, `blocks/blocks-${from}-${to}.index`);
    const position = (block: number): number => Number(index.readBigUInt64LE((block - from) * 8));
    if (parts.length === 0) {
      const head = headOf(log, first);
      parts.push(head);
      at = head.length;
    }
    for (let block = Math.max(from, first); block <= Math.min(to, last); block += 1) {
      const end = block === to ? log.length : position(block + 1);
      const bytes = log.subarray(position(block), end - 8);
      const here = Buffer.alloc(8);
      here.writeBigUInt64LE(BigInt(at));
      parts.push(bytes, here);
      positions.push(here);
      at += bytes.length + 8;
    }
  }
  return { log: Buffer.concat(parts), index: Buffer.concat(positions) };
}

/** The head of a log: that of the stride file when it starts the chain, else version, number, chain id. */
function headOf(log: Buffer, first: number): Buffer {
  if (first === 1) return log.subarray(0, 8 + 110 + 8);
  const head = Buffer.from(log.subarray(0, 8 + 32 + 8));
  head.writeUInt32LE(first, 4);
  return head;
}

/** A folder with config.ini; with a product, one in which that product has been before. */
export function putConfig(folder: string, lines: readonly string[], product: 'leap' | 'spring' | null): void {
  const features = join(folder, 'protocol_features');
  rmSync(features, { recursive: true, force: true });
  mkdirSync(features, { recursive: true });
  for (const { name } of product === null ? [] : protocolFeatures(product)) {
    writeFileSync(join(features, `BUILTIN-${name}.json`), '{}\n');
  }
  writeFileSync(join(folder, 'config.ini'), `${lines.join('\n')}\n`);
}
