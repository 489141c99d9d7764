import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repeatInNewFolder } from './cases.ts';
import { repeat } from './comparison.ts';
import {
  FIXTURES,
  fixture,
  occupy,
  portOf,
  putLog,
  snapshotBytes,
  temporaryFolder,
  terminateAfter,
} from './support.ts';

const chain = 'spring-1.2.2';
const setup = { chain, snapshotBlock: 1006 } as const;
const whole = (): Buffer => snapshotBytes(chain, 1006);

describe('Spring refuses a snapshot in the words of the real one', () => {
  it.each([
    ['cut', 'snapshot-truncated', () => whole().subarray(0, 1_000_000)],
    ['empty', 'snapshot-empty', () => Buffer.alloc(0)],
    ['still compressed', 'snapshot-zst-not-decompressed', () => Buffer.from('28b52ffd0458', 'hex')],
    ['random bytes', 'snapshot-random-bytes', () => Buffer.alloc(5000, 'any bytes at all')],
    ['together with a genesis', 'snapshot-plus-genesis-json', whole],
  ])('%s', async (_, name, bytes) => {
    const { got, real, exit } = await repeatInNewFolder(`failures/${name}/a`, {
      ...setup,
      snapshot: bytes(),
    });
    expect(got).toEqual(real);
    expect(exit).toBe(254);
  });

  it('missing', async () => {
    const { got, real, exit } = await repeatInNewFolder('failures/snapshot-missing/a', {
      ...setup,
      snapshot: null,
    });
    expect(got).toEqual(real);
    expect(exit).toBe(254);
  });

  it('a directory', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'snapshots'));
    const snapshot = join(folder, 'snapshots');
    const { got, real, exit } = await repeat({
      chain,
      name: 'failures/snapshot-is-directory/a',
      folder,
      snapshot,
    });
    expect(got).toEqual(real);
    expect(exit).toBe(254);
  });

  it('but takes one with a changed byte: only the hashes differ', async () => {
    const bytes = whole();
    bytes.writeUInt8(bytes.readUInt8(1_500_000) ^ 1, 1_500_000);
    const prepare = (data: string): void => putLog(chain, data, 1001, 3000);
    const name = 'failures/snapshot-bitflip-middle/a';
    const { got, real, exit } = await repeatInNewFolder(name, { ...setup, snapshot: bytes, prepare });
    const hashless = (lines: string[]): string[] =>
      lines.map((line) => line.replace(/hash: \w+/, 'hash: <hash>'));
    expect(hashless(got)).toEqual(hashless(real));
    expect(got.join('\n')).not.toContain('hash: aa442b90');
    expect(exit).toBe(0);
  });
});

describe('Spring refuses block logs in the words of the real one', () => {
  const put = (name: string, bytes: Buffer | string): ((data: string) => void) => {
    return (data) => writeFileSync(join(data, 'blocks', name), bytes);
  };
  const both =
    (...all: ((data: string) => void)[]) =>
    (data: string): void => {
      for (const each of all) each(data);
    };
  const log = (range: string): Buffer => fixture(chain, `blocks/blocks-${range}.log`);
  const index = (range: string): Buffer => fixture(chain, `blocks/blocks-${range}.index`);
  const longLog = (data: string): void => putLog(chain, data, 1001, 3000);

  it.each([
    [
      'without an index',
      'blockslog-index-missing',
      both(longLog, (data) => rmSync(join(data, 'blocks/blocks.index'))),
    ],
    [
      'with the index of a shorter log',
      'blocksindex-truncated',
      both(longLog, put('blocks.index', index('1001-2000'))),
    ],
    ['empty', 'blockslog-empty-file', both(put('blocks.log', ''), put('blocks.index', index('1001-2000')))],
    [
      'that ends before the snapshot',
      'blockslog-ends-before-snapshot-head',
      both(put('blocks.log', log('1-1000')), put('blocks.index', index('1-1000'))),
    ],
    [
      'that starts after the snapshot',
      'blockslog-starts-after-snapshot-head',
      both(put('blocks.log', log('2001-3000')), put('blocks.index', index('2001-3000'))),
    ],
  ])('%s', async (_, name, prepare) => {
    const { got, real, exit } = await repeatInNewFolder(`failures/${name}/a`, { ...setup, prepare });
    expect(shapeless(got)).toEqual(shapeless(real));
    expect(exit).toBe(254);
  });

  it.each([
    ['random bytes', 'blockslog-random-bytes', put('blocks.log', Buffer.alloc(5000, 'any bytes at all'))],
    ['cut', 'blockslog-truncated-last-5-bytes', put('blocks.log', log('1001-2000').subarray(0, -5))],
  ])('%s', async (_, name, prepare) => {
    const { got, real, exit } = await repeatInNewFolder(`failures/${name}/a`, { ...setup, prepare });
    const numberless = (lines: string[]): string[] =>
      lines.map((line) => line.replaceAll(/\d{5,}/g, '<number>'));
    expect(numberless(got)).toEqual(numberless(real));
    expect(exit).toBe(254);
  });

  it('of another chain', async () => {
    const prepare = (data: string): void => putLog('leap-5.0.3', data, 1001, 2000);
    const { got, real, exit } = await repeatInNewFolder('failures/blockslog-of-other-chain/a', {
      ...setup,
      prepare,
    });
    // The recorded run met yet another chain.
    const nameless = (lines: string[]): string[] =>
      lines.map((line) => line.replaceAll(/fee30c4a\w+|acdc30b0\w+/g, '<other>'));
    expect(nameless(got)).toEqual(nameless(real));
    expect(exit).toBe(254);
  });

  it('a genesis of another chain', async () => {
    const { got, real, exit } = await repeatInNewFolder('failures/genesis-json-of-other-chain/a', {
      ...setup,
      prepare: both(put('blocks.log', log('1-1000')), put('blocks.index', index('1-1000'))),
      genesis: join(FIXTURES, 'leap-5.0.3/genesis.json'),
    });
    expect(got).toEqual(real);
    expect(exit).toBe(254);
  });
});

/** How much is free is an estimate. */
function freeless(lines: string[]): string[] {
  return lines.map((line) => line.replaceAll(/free: \d+|"f":\d+/g, '<free>'));
}

/** Positions in a log differ with the way in which it was put together. */
function shapeless(lines: string[]): string[] {
  return lines.map((line) => line.replaceAll(/is at \d+|postion \d+|_pos":\d+/g, '<position>'));
}

describe('Spring and what is in its way', () => {
  const longLog = (data: string): void => putLog(chain, data, 1001, 3000);

  it('a state and a snapshot', async () => {
    const first = await repeatInNewFolder('slices/slice-1/a-replay', { ...setup, prepare: longLog });
    const name = 'failures/existing-state-plus-snapshot/a';
    const second = await repeat({
      chain,
      name,
      folder: first.folder,
      snapshot: join(first.folder, 'snapshot.bin'),
    });
    expect(second.got).toEqual(second.real);
    expect(second.exit).toBe(254);
  });

  it('a state and its genesis', async () => {
    const first = await repeatInNewFolder('slices/slice-1/a-replay', { ...setup, prepare: longLog });
    const name = 'failures/existing-state-plus-genesis/a';
    const genesis = join(FIXTURES, chain, 'genesis.json');
    const second = await repeat({ chain, name, folder: first.folder, genesis });
    expect(second.got).toEqual(second.real);
    expect(second.exit).toBe(0);
  });

  it('a state that was left dirty', async () => {
    const prepare = (data: string): void => putLog(chain, data, 1001, 6866);
    const killed = await repeatInNewFolder('failures/kill9-during-replay/a', {
      ...setup,
      prepare,
      faults: 'oom@3400',
    });
    expect(killed.got).toEqual(killed.real);
    expect(killed.exit).toBe('SIGKILL');
    const again = await repeat({
      chain,
      name: 'failures/kill9-during-replay/restart',
      folder: killed.folder,
    });
    expect(again.got).toEqual(again.real);
    expect(again.exit).toBe(2);
  });

  it('a fork database without a state', async () => {
    const { got, real, exit } = await repeatInNewFolder('failures/leftover-forkdb-no-state-no-log/a', {
      ...setup,
      prepare: (data) => {
        putLog(chain, data, 1001, 1001);
        const head = Buffer.alloc(48, 0xff);
        fixture(chain, 'blocks/blocks-1001-2000.log').copy(head, 0, 0, 48);
        writeFileSync(join(data, 'blocks/blocks.log'), head);
        mkdirSync(join(data, 'blocks/reversible'));
        writeFileSync(join(data, 'blocks/reversible/fork_db.dat'), '');
      },
    });
    expect(got).toEqual(real);
    expect(exit).toBe(254);
  });

  it('another program on its HTTP port: found only after the whole replay', async () => {
    const other = await occupy(0);
    const folder = temporaryFolder();
    const snapshot = join(folder, 'snapshot.bin');
    writeFileSync(snapshot, whole());
    longLog(join(folder, 'data'));
    const name = 'failures/http-port-in-use-full-startup/a';
    const { got, real, exit } = await repeat({ chain, name, folder, snapshot, httpPort: portOf(other) });
    other.close();
    expect(got).toEqual(real);
    expect(exit).toBe(254);
  });

  it('a state database that is too small for the snapshot', async () => {
    const prepare = (data: string): void => putLog(chain, data, 1001, 6866);
    const { got, real, exit } = await repeatInNewFolder('failures/state-db-too-small-4mb/a', {
      ...setup,
      prepare,
    });
    expect(got).toEqual(real);
    expect(exit).toBe(254);
  });

  it('a state database that leaves less free than its guard', async () => {
    const prepare = (data: string): void => putLog(chain, data, 1001, 6866);
    const { got, real, exit } = await repeatInNewFolder('failures/state-db-below-guard-130mb/a', {
      ...setup,
      prepare,
    });
    expect(freeless(got)).toEqual(freeless(real));
    expect(exit).toBe(254);
  });

  it('a block that is not the one it should be', async () => {
    const prepare = (data: string): void => {
      longLog(data);
      const path = join(data, 'blocks/blocks.log');
      const bytes = readFileSync(path);
      const at = Number(readFileSync(join(data, 'blocks/blocks.index')).readBigUInt64LE((1500 - 1001) * 8));
      bytes.fill(0xff, at + 14, at + 18);
      writeFileSync(path, bytes);
    };
    const name = 'failures/blockslog-corrupt-block-1500-header/a';
    const { got, real, exit } = await repeatInNewFolder(name, { ...setup, prepare });
    expect(got).toEqual(real);
    expect(exit).toBe(254);
  });

  it('a stop before it has begun', async () => {
    const name = 'failures/sigterm-early-before-snapshot-load/a';
    const prepare = (data: string): void => putLog(chain, data, 1001, 6866);
    const hooks = terminateAfter('Log has');
    const { got, real, exit } = await repeatInNewFolder(name, { ...setup, prepare, hooks });
    expect(got).toEqual(real);
    expect(exit).toBe(0);
  });
});
