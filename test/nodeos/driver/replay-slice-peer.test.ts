import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { reservePorts } from '../../../src/nodeos/driver/ports.ts';
import { startNodeos } from '../../../src/nodeos/process/process.ts';
import type { Product } from '../../../src/nodeos/product.ts';
import { writeStandInWrapper } from '../../../src/nodeos/stand-in/wrapper.ts';
import {
  CHAINS,
  copyBlocks,
  ENTRY,
  expectedHash,
  FIXTURES,
  replay,
} from './replay-slice-stand-in-fixture.ts';

describe('a slice synced from a peer arrives at its recorded hash', () => {
  /** A node with the whole chain that serves its blocks. */
  async function peer(product: Product): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'replay-peer-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const { folder: name, version } = CHAINS[product];
    await copyBlocks(join(FIXTURES, name, 'blocks'), join(folder, 'data/blocks/retained'), [
      '1-1000',
      '1001-2000',
      '2001-3000',
    ]);
    const reserved = await reservePorts(2, () => Math.random());
    onTestFinished(() => reserved.release());
    const [httpPort, p2pPort] = reserved.ports;
    await writeFile(
      join(folder, 'config.ini'),
      `http-server-address = 127.0.0.1:${httpPort}\np2p-listen-endpoint = 127.0.0.1:${p2pPort}\nblocks-retained-dir = retained\nplugin = eosio::chain_api_plugin\n`,
    );
    const path = await writeStandInWrapper(join(folder, 'bin'), {
      command: [process.execPath, ENTRY],
      version,
    });
    let listening!: () => void;
    const ready = new Promise<void>((done) => (listening = done));
    const node = await startNodeos({
      path,
      args: ['--data-dir', join(folder, 'data'), '--config-dir', folder],
      directory: folder,
      logFile: join(folder, 'peer.log'),
      graceMs: 1000,
      onLine: (line) => line.includes('start listening on') && line.includes('API categories') && listening(),
    });
    onTestFinished(() => node.stop());
    await ready;
    return `127.0.0.1:${p2pPort}`;
  }

  test.each<[Product, number, number, boolean]>([
    ['spring', 1006, 2004, false],
    ['leap', 1001, 2002, false],
    ['spring', 1006, 2004, true],
  ])('%s %i to %i (beginning with block files: %s)', async (product, startBlock, endBlock, hasBlockFiles) => {
    const address = await peer(product);
    const files = hasBlockFiles ? ['1001-2000'] : [];
    const { outcome } = await replay({
      product,
      startBlock,
      endBlock,
      files,
      run: { hasBlockFiles, peers: [address] },
    });
    expect(await outcome).toMatchObject({ head: endBlock, hash: await expectedHash(product, endBlock) });
  });
});
