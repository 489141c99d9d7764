import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  BLOCK_LOG_VERSION,
  type BlockFile,
  type BlockFileProblem,
  type HeaderReader,
  TOTEM,
  inspectBlockFile,
  openHeaders,
} from './block-file.ts';
import type { BlockHeader } from './block-header.ts';
import { u32, u64 } from './bytes.ts';
import type { NodeOptions } from './command-line.ts';
import { packBlock, packGenesisHeader } from './genesis-block.ts';
import type { Genesis } from './genesis.ts';

/** Any of these makes nodeos look at stride files; without one it ignores them silently. */
const STRIDE_OPTIONS = [
  'blocks-log-stride',
  'blocks-retained-dir',
  'blocks-archive-dir',
  'max-retained-block-files',
] as const;

/** All block logs that a node has: `blocks.log`, and the stride files when an option turns them on. */
export interface BlockLog {
  /** `blocks.log` itself, when it exists. */
  readonly live: BlockFile | null;
  /** Stride files, lowest first. */
  readonly strides: readonly BlockFile[];
  readonly chainId: string | null;
  readonly genesis: Genesis | null;
  /** First and last block over all; null when there is none. */
  readonly range: { readonly first: number; readonly last: number } | null;
}

export type BlockLogResult =
  | { ok: true; log: BlockLog }
  | { ok: false; problem: BlockFileProblem; path: string };

export function blocksFolder(options: NodeOptions): string {
  return resolve(options.dataDir, options.value('blocks-dir') ?? 'blocks');
}

/** Looks at the block logs without changing anything. */
export function findBlockLog(options: NodeOptions): BlockLogResult {
  const folder = blocksFolder(options);
  const files: BlockFile[] = [];
  const livePath = join(folder, 'blocks.log');
  for (const path of [livePath, ...stridePaths(options, folder)]) {
    if (!existsSync(path)) continue;
    const result = inspectBlockFile(path);
    if (!result.ok) return { ok: false, problem: result.problem, path };
    files.push(result.file);
  }
  const live = files.find((file) => file.path === livePath) ?? null;
  const strides = files.filter((file) => file !== live).toSorted((a, b) => a.first - b.first);
  return { ok: true, log: describe(live, strides) };
}

function describe(live: BlockFile | null, strides: BlockFile[]): BlockLog {
  const filled = [...strides, live].filter((file) => file !== null && file.last >= file.first);
  const head = filled[0] ?? live;
  return {
    live,
    strides,
    chainId: head?.chainId ?? null,
    genesis: head?.genesis ?? null,
    range: filled.length === 0 ? null : { first: filled[0]?.first ?? 0, last: filled.at(-1)?.last ?? 0 },
  };
}

/** Where stride files are looked for, or null when no option turns them on. */
export function strideFolder(options: NodeOptions, folder: string): string | null {
  const isOn = STRIDE_OPTIONS.some((name) => options.values(name).some((value) => value !== ''));
  return isOn ? resolve(folder, options.value('blocks-retained-dir') ?? '') : null;
}

/** Where stride files go that are too many. */
export function archiveFolder(options: NodeOptions, folder: string): string {
  return resolve(folder, options.value('blocks-archive-dir') ?? 'archive');
}

function stridePaths(options: NodeOptions, folder: string): string[] {
  const retained = strideFolder(options, folder);
  if (retained === null || !existsSync(retained)) return [];
  return readdirSync(retained)
    .filter((name) => /^blocks-\d+-\d+\.log$/.test(name))
    .map((name) => join(retained, name));
}

/** Reads headers over all files of a log; null for a block that no file has. */
export function openBlockLog(log: BlockLog): HeaderReader {
  const files = [...log.strides, ...(log.live === null ? [] : [log.live])];
  let open: { file: BlockFile; reader: HeaderReader } | null = null;
  const close = (): void => {
    open?.reader.close();
    open = null;
  };
  return {
    header: (block): BlockHeader | null => {
      if (open === null || block < open.file.first || block > open.file.last) {
        close();
        const file = files.find((candidate) => block >= candidate.first && block <= candidate.last);
        if (file === undefined) return null;
        open = { file, reader: openHeaders(file) };
      }
      return open.reader.header(block);
    },
    close,
  };
}

/** Whether some file of the log claims to hold the block. */
export function holds(log: BlockLog, block: number): boolean {
  return [...log.strides, log.live].some(
    (file) => file !== null && block >= file.first && block <= file.last,
  );
}

/** Begins a `blocks.log` without blocks, as nodeos does when it has none: its first block would be `first`. */
export function beginBlockLog(folder: string, first: number, chainId: string): void {
  writeLog(folder, Buffer.concat([logHead(first), Buffer.from(chainId, 'hex'), TOTEM]), '');
}

/** Begins a `blocks.log` with block 1, as nodeos does for a new chain. */
export function beginBlockLogAt1(folder: string, genesis: Genesis): void {
  const head = Buffer.concat([logHead(1), genesis.packed, TOTEM]);
  const block = packBlock(packGenesisHeader(genesis));
  writeLog(folder, Buffer.concat([head, block, u64(head.length)]), u64(head.length));
}

function logHead(first: number): Buffer {
  return Buffer.concat([u32(BLOCK_LOG_VERSION), u32(first)]);
}

function writeLog(folder: string, log: Buffer, index: Buffer | string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'blocks.log'), log);
  writeFileSync(join(folder, 'blocks.index'), index);
}
