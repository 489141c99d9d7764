/** Slices whose blocks come from a peer. The peer is a stand-in like the others, with the whole chain. */
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  copyRealChain,
  type ManifestSlice,
  type RealChain,
  REAL_CHAINS,
  realSlices,
} from './support/chains.ts';
import { runOneSlice } from './support/one-slice.ts';
import { freePort } from './support/ports.ts';
import { Scene } from './support/scene.ts';

/** Starts a peer that has a real chain, from those of its files that are named; returns its address. */
async function startPeer(
  scene: Scene,
  chain: RealChain,
  has: (file: string) => boolean = () => true,
): Promise<string> {
  const { folder, version } = REAL_CHAINS[chain];
  for (const name of readdirSync(`${folder}/blocks`).filter(has)) {
    const bytes = zstdDecompressSync(readFileSync(`${folder}/blocks/${name}`));
    await scene.write(`peer/data/blocks/retained/${name.replace('.zst', '')}`, bytes);
  }
  const address = `127.0.0.1:${await freePort()}`;
  const config = [
    'plugin = eosio::chain_api_plugin',
    'plugin = eosio::net_plugin',
    `http-server-address = 127.0.0.1:${await freePort()}`,
    `p2p-listen-endpoint = ${address}`,
    'blocks-retained-dir = retained',
  ];
  await scene.write('peer/config/config.ini', `${config.join('\n')}\n`);
  const standIn = ['stand-in-nodeos', '--stand-in-version', version, '--'];
  const folders = ['--data-dir', scene.path('peer/data'), '--config-dir', scene.path('peer/config')];
  const peer = scene.start([...standIn, ...folders, '--genesis-json', `${folder}/genesis.json`]);
  await peer.waitFor(/for API categories: all/u);
  return address;
}

/** The second slice of a real chain, of whose block files only those remain that are named. */
async function secondSlice(
  scene: Scene,
  chain: RealChain,
  remains: (file: string) => boolean,
): Promise<ManifestSlice> {
  await copyRealChain(chain, scene.path('chain'));
  const blocks = scene.path('chain/blocks');
  for (const name of readdirSync(blocks)) if (!remains(name)) await rm(`${blocks}/${name}`);
  const slice = realSlices(chain)[1]!;
  return { ...slice, snapshot_path: scene.path('chain', slice.snapshot_path) };
}

const none = (): boolean => false;

describe('--peer', () => {
  test.each<[RealChain, string]>([
    ['spring', 'auto'],
    ['leap', 'auto'],
  ])('delivers all blocks of a slice that has no block files (%s)', async (chain, finalHash) => {
    const scene = await Scene.create();
    const peer = await startPeer(scene, chain);
    const nodeos = await scene.standIn({ version: REAL_CHAINS[chain].version });
    const { job } = await runOneSlice(scene, {
      slice: await secondSlice(scene, chain, none),
      work: ['--nodeos', nodeos, '--peer', peer, '--final-hash', finalHash],
    });
    expect(job).toMatchObject({
      status: 'COMPLETE',
      verdict: 'VERIFIED',
      actual_integrity_hash: realSlices(chain)[1]!.expected_integrity_hash,
    });
  });

  test('delivers the blocks that come after those in the files', async () => {
    const scene = await Scene.create();
    const peer = await startPeer(scene, 'spring');
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const { job } = await runOneSlice(scene, {
      slice: await secondSlice(scene, 'spring', (name) => name.startsWith('blocks-1001-2000.')),
      work: ['--nodeos', nodeos, '--peer', peer],
    });
    expect(job).toMatchObject({ status: 'COMPLETE', verdict: 'VERIFIED', last_block_processed: 2004 });
  });

  test('that cannot be reached: stalled, and the peer is named', async () => {
    const scene = await Scene.create();
    const peer = `127.0.0.1:${await freePort()}`;
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const { job, worker } = await runOneSlice(scene, {
      slice: await secondSlice(scene, 'spring', none),
      work: ['--nodeos', nodeos, '--peer', peer, '--stall-timeout', '2'],
    });
    expect(worker.code).toBe(1);
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'stalled', stage: 'replay' });
    expect(job.error_message).toContain(peer);
    expect(job.error_message).toMatch(/the peer cannot be reached.*Check the address given as --peer/su);
  });

  test('that is behind: stalled, and the message says how far it got', async () => {
    const scene = await Scene.create();
    const peer = await startPeer(scene, 'spring', (name) => /-(1000|2000)\./u.test(name));
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const { job } = await runOneSlice(scene, {
      slice: await secondSlice(scene, 'spring', none),
      work: ['--nodeos', nodeos, '--peer', peer, '--stall-timeout', '2'],
    });
    expect(job).toMatchObject({
      status: 'ERROR',
      error_cause: 'stalled',
      stage: 'replay',
      last_block_processed: 2000,
    });
    expect(job.error_message).toMatch(/no block beyond it, and the end block is 2004.*--peer/su);
  });

  test('is what the message asks for when neither files nor a peer are there', async () => {
    const scene = await Scene.create();
    const nodeos = await scene.standIn({ version: '1.2.2' });
    const { job, nodeosStarted } = await runOneSlice(scene, {
      slice: await secondSlice(scene, 'spring', none),
      work: ['--nodeos', nodeos],
    });
    expect(job).toMatchObject({ status: 'ERROR', error_cause: 'blocks-log', stage: 'fetch' });
    expect(job.error_message).toMatch(/do not hold blocks 1007 to 2004.*give the worker a --peer/su);
    expect(nodeosStarted).toBe(false);
  });
});
