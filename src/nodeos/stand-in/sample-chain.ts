import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { DEFAULT_GENESIS, type Genesis, parseGenesis } from './genesis.ts';
import { type SampleBlock, packBlockLog, sampleBlocks } from './sample-blocks.ts';
import { packSnapshot } from './sample-snapshot.ts';
import { NO_HASHES, stateHash } from './state-hash.ts';

export interface SampleChainOptions {
  /** Where everything goes; it is made. */
  readonly folder: string;
  readonly slices: number;
  readonly blocksPerSlice: number;
  /** Blocks in each stride file. */
  readonly stride: number;
  /** `1.2.2` for Spring, `5.0.3` for Leap; goes into the manifest. */
  readonly version: string;
  /** Goes into the names of the snapshots. */
  readonly name?: string;
  /** `YYYY-MM-DDTHH:MM:SS.mmm`, UTC; another time makes another chain. */
  readonly genesisTime?: string;
  /** Whether the first slice starts from genesis (default) or, one slice later, from a snapshot. */
  readonly fromGenesis?: boolean;
  /** `.zst` files (default) or plain ones. */
  readonly compress?: boolean;
  /** Right hashes in the manifest (default), or `""` so that they have to be learned. */
  readonly knownHashes?: boolean;
  /** Put before the paths in the manifest, such as `http://127.0.0.1:8080/`; then they are of type `http`. */
  readonly baseUrl?: string;
  /** The snapshot at this block gets one changed byte. */
  readonly damagedSnapshot?: number;
  /** Blocks that the block logs go on after the last slice; 0 lets them end exactly there. */
  readonly blocksBeyond?: number;
  /** Size of each snapshot, about. */
  readonly snapshotBytes?: number;
}

export interface SampleSlice {
  readonly startBlock: number;
  readonly endBlock: number;
  readonly hash: string;
}

export interface SampleChain {
  readonly manifestPath: string;
  readonly chainId: string;
  readonly lastBlock: number;
  readonly slices: readonly SampleSlice[];
  /** The right hash of any block, as the stand-in of that version has it. */
  readonly hashAt: (block: number) => string;
}

/**
 * Writes a small chain that a stand-in can replay: `manifest.json`, `genesis.json`, `snapshots/`, `blocks/`,
 * laid out as a real one. All files are in the real formats, and the same options give the same bytes.
 */
export async function writeSampleChain(options: SampleChainOptions): Promise<SampleChain> {
  const genesisText = genesisJson(options);
  const genesis = parseGenesis(genesisText);
  const slices = planSlices(options);
  const lastBlock = (slices.at(-1)?.endBlock ?? 1) + (options.blocksBeyond ?? 100);
  const blocks = sampleBlocks(genesis, lastBlock);
  const hashAt = (block: number): string =>
    stateHash({ product: productOf(options), chainId: genesis.chainId, block, taint: null }, NO_HASHES);
  const manifestPath = join(options.folder, 'manifest.json');
  await mkdir(join(options.folder, 'snapshots'), { recursive: true });
  await mkdir(join(options.folder, 'blocks'), { recursive: true });
  await writeFile(join(options.folder, 'genesis.json'), genesisText);
  await writeBlocks(options, genesis, blocks);
  await writeSnapshots(options, genesis, blocks, slices);
  await writeFile(manifestPath, manifestJson(options, slices, hashAt));
  return {
    manifestPath,
    chainId: genesis.chainId,
    lastBlock,
    slices: slices.map((slice) => ({ ...slice, hash: hashAt(slice.endBlock) })),
    hashAt,
  };
}

function productOf({ version }: SampleChainOptions): 'leap' | 'spring' {
  return Number.parseInt(version, 10) <= 2 ? 'spring' : 'leap';
}

function genesisJson({ genesisTime }: SampleChainOptions): string {
  const time = genesisTime ?? '2026-01-01T00:00:00.000';
  return `${JSON.stringify({ ...DEFAULT_GENESIS, initial_timestamp: time }, null, 2)}\n`;
}

type Range = Pick<SampleSlice, 'startBlock' | 'endBlock'>;

function planSlices({ slices, blocksPerSlice, fromGenesis = true }: SampleChainOptions): Range[] {
  const offset = fromGenesis ? 0 : 1;
  return Array.from({ length: slices }, (_, index) => ({
    startBlock: (index + offset) * blocksPerSlice,
    endBlock: (index + offset + 1) * blocksPerSlice,
  }));
}

async function writeBlocks(
  options: SampleChainOptions,
  genesis: Genesis,
  blocks: SampleBlock[],
): Promise<void> {
  for (let at = 0; at < blocks.length; at += options.stride) {
    const some = blocks.slice(at, at + options.stride);
    const { log, index } = packBlockLog(genesis, some);
    const name = `blocks/blocks-${at + 1}-${at + some.length}`;
    await writePacked(options, `${name}.log`, log);
    await writePacked(options, `${name}.index`, index);
  }
}

async function writeSnapshots(
  options: SampleChainOptions,
  genesis: Genesis,
  blocks: readonly SampleBlock[],
  slices: readonly Range[],
): Promise<void> {
  for (const { startBlock } of slices) {
    const head = blocks[startBlock - 1];
    if (head === undefined) continue;
    const bytes = packSnapshot({
      ...head,
      version: snapshotVersion(options),
      genesis,
      payloadBytes: options.snapshotBytes ?? 65_536,
    });
    if (startBlock === options.damagedSnapshot) damage(bytes);
    await writePacked(options, snapshotName(options, startBlock), bytes);
  }
}

/** Changes one byte inside the made-up accounts. */
function damage(bytes: Buffer): void {
  const at = bytes.indexOf('sample account');
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
}

async function writePacked(options: SampleChainOptions, name: string, bytes: Buffer): Promise<void> {
  const path = join(options.folder, name);
  if (options.compress === false) await writeFile(path, bytes);
  else await writeFile(`${path}.zst`, zstdCompressSync(bytes));
}

function snapshotVersion(options: SampleChainOptions): 6 | 8 {
  return productOf(options) === 'spring' ? 8 : 6;
}

function snapshotName(options: SampleChainOptions, block: number): string {
  const day = (options.genesisTime ?? '2026-01-01').slice(0, 10);
  const number = String(block).padStart(10, '0');
  return `snapshots/snapshot-${day}-00-${options.name ?? 'sample'}-v${snapshotVersion(options)}-${number}.bin`;
}

function manifestJson(
  options: SampleChainOptions,
  slices: readonly Range[],
  hashAt: (block: number) => string,
): string {
  const base = options.baseUrl ?? '';
  const suffix = options.compress === false ? '' : '.zst';
  const entries = slices.map(({ startBlock, endBlock }) => ({
    start_block_id: startBlock,
    end_block_id: endBlock,
    snapshot_path: startBlock === 0 ? '' : `${base}${snapshotName(options, startBlock)}${suffix}`,
    storage_type: base === '' ? 'filesystem' : 'http',
    expected_integrity_hash: options.knownHashes === false ? '' : hashAt(endBlock),
    [`${productOf(options)}_version`]: options.version,
    ...(startBlock === 0 ? { genesis_path: `${base}genesis.json`, blocks_path: `${base}blocks` } : {}),
  }));
  return `${JSON.stringify(entries, null, 4)}\n`;
}
