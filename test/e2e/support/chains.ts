import { readdirSync, readFileSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The chains that real builds of nodeos were recorded on (test/fixtures). */
export const REAL_CHAINS = {
  spring: { folder: resolve(import.meta.dirname, '../../fixtures/nodeos/spring-1.2.2'), version: '1.2.2' },
  leap: { folder: resolve(import.meta.dirname, '../../fixtures/nodeos/leap-5.0.3'), version: '5.0.3' },
} as const;

export type RealChain = keyof typeof REAL_CHAINS;

/** A slice as it stands in a manifest; the tests change fields at will. */
export interface ManifestSlice {
  start_block_id: number;
  end_block_id: number;
  snapshot_path: string;
  storage_type: string;
  expected_integrity_hash: string;
  [field: string]: unknown;
}

/** Copies a real chain (manifest, genesis, snapshots, blocks) into a folder; returns the manifest's path. */
export async function copyRealChain(chain: RealChain, into: string): Promise<string> {
  for (const name of ['manifest.json', 'genesis.json', 'snapshots', 'blocks']) {
    await cp(join(REAL_CHAINS[chain].folder, name), join(into, name), { recursive: true });
  }
  return join(into, 'manifest.json');
}

/** The slices of a real chain, to be changed. */
export function realSlices(chain: RealChain): ManifestSlice[] {
  return JSON.parse(
    readFileSync(join(REAL_CHAINS[chain].folder, 'manifest.json'), 'utf8'),
  ) as ManifestSlice[];
}

/** The files of a real chain by their path under `prefix`, for a test server. */
export function realFiles(chain: RealChain, prefix: string): Map<string, Uint8Array> {
  const { folder } = REAL_CHAINS[chain];
  const names = ['snapshots', 'blocks'].flatMap((sub) =>
    readdirSync(join(folder, sub)).map((name) => `${sub}/${name}`),
  );
  return new Map(
    [...names, 'genesis.json'].map((name) => [`${prefix}${name}`, readFileSync(join(folder, name))]),
  );
}

export async function writeManifest(path: string, slices: readonly object[]): Promise<string> {
  await writeFile(path, `${JSON.stringify(slices, null, 4)}\n`);
  return path;
}

export async function readManifest(path: string): Promise<ManifestSlice[]> {
  return JSON.parse(await readFile(path, 'utf8')) as ManifestSlice[];
}
