import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type SampleChain,
  type SampleChainOptions,
  writeSampleChain,
} from '../../../src/nodeos/stand-in/sample-chain.ts';
import { type Ended, type RunHooks, freePort, putConfig, run, temporaryFolder } from './support.ts';

export interface Sample {
  readonly chain: SampleChain;
  readonly folder: string;
}

/** A small chain with plain files: slices of 100 blocks, stride files of 70. */
export async function sample(options: Partial<SampleChainOptions> = {}): Promise<Sample> {
  const folder = join(temporaryFolder(), 'chain');
  const chain = await writeSampleChain({
    folder,
    slices: 3,
    blocksPerSlice: 100,
    stride: 70,
    version: '1.2.2',
    compress: false,
    ...options,
  });
  return { chain, folder };
}

export interface SliceRun {
  readonly end: number;
  readonly start?: number;
  readonly version?: string;
  readonly faults?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly hooks?: RunHooks;
  readonly config?: readonly string[];
  readonly httpPort?: number;
  readonly p2pPort?: number;
  /** Without block files. */
  readonly bare?: boolean;
  /** Data directory of an earlier run, to start on again. */
  readonly folder?: string;
}

export interface SliceEnded extends Ended {
  readonly folder: string;
}

export const PLUGINS = ['chain_api', 'producer_api', 'net_api'].map(
  (name) => `plugin = eosio::${name}_plugin`,
);

/** Runs the stand-in on one slice of a sample chain, as a driver would. */
export async function runSlice({ folder: source }: Sample, slice: SliceRun): Promise<SliceEnded> {
  const folder = slice.folder ?? temporaryFolder();
  const retained = join(folder, 'data/blocks/retained');
  if (slice.folder === undefined) {
    mkdirSync(retained, { recursive: true });
    for (const name of slice.bare === true ? [] : readdirSync(join(source, 'blocks'))) {
      writeFileSync(join(retained, name), readFileSync(join(source, 'blocks', name)));
    }
  }
  const product = (slice.version ?? '1.2.2').startsWith('1') ? 'spring' : 'leap';
  const lines = [
    `http-server-address = 127.0.0.1:${slice.httpPort ?? (await freePort())}`,
    `p2p-listen-endpoint = 127.0.0.1:${slice.p2pPort ?? (await freePort())}`,
    'blocks-retained-dir = retained',
    ...PLUGINS,
    ...(slice.config ?? []),
  ];
  putConfig(join(folder, 'config'), lines, product);
  const from = slice.folder === undefined ? startOf(source, slice.start ?? 100) : [];
  const argv = ['--data-dir', join(folder, 'data'), '--config-dir', join(folder, 'config'), ...from];
  const more = [
    '--terminate-at-block',
    String(slice.end),
    '--integrity-hash-on-start',
    '--integrity-hash-on-stop',
  ];
  const env = {
    REPLAY_STAND_IN_VERSION: slice.version ?? '1.2.2',
    REPLAY_STAND_IN_FAULTS: slice.faults ?? '',
    ...slice.env,
  };
  return { ...(await run([...argv, ...more], env, slice.hooks)), folder };
}

function startOf(source: string, block: number): string[] {
  if (block === 0) return ['--genesis-json', join(source, 'genesis.json')];
  const number = `-${String(block).padStart(10, '0')}.bin`;
  const name = readdirSync(join(source, 'snapshots')).find((each) => each.endsWith(number)) ?? 'none.bin';
  return ['--snapshot', join(source, 'snapshots', name)];
}

export function startHash({ stderr }: Ended): string | undefined {
  return /started with hash: (\w+)/.exec(stderr)?.[1];
}

export function stopHash({ stderr }: Ended): string | undefined {
  return /stopped with hash: (\w+)/.exec(stderr)?.[1];
}
