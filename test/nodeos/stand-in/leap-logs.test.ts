import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repeatInNewFolder } from './cases.ts';
import { repeat } from './comparison.ts';
import { fixture, putLog, putStrides, snapshotBytes, temporaryFolder, terminateAfter } from './support.ts';

const chain = 'leap-5.0.3';
const setup = { chain, snapshotBlock: 1001 } as const;

const longLog = (data: string): void => putLog(chain, data, 1001, 3000);
const strides =
  (...firsts: number[]) =>
  (data: string): void =>
    putStrides(chain, data, firsts);
const removeLog = (folder: string): void => {
  rmSync(join(folder, 'data/blocks/blocks.log'));
  rmSync(join(folder, 'data/blocks/blocks.index'));
};

describe('Leap: the log of a slice reads as the real one', () => {
  it.each([
    ['from one long log', 'slices/slice-1/a-replay', longLog],
    ['from stride files', 'split-logs/s1-retained-subdir-split-cfg', strides(1001, 2001)],
    [
      'from stride files without indexes',
      'split-logs/s6-retained-without-index',
      (data: string) => putStrides(chain, data, [1001, 2001], false),
    ],
    ['end below the head of the snapshot', 'failures/end-below-start/a-replay', longLog],
    ['end at the head of the snapshot', 'failures/end-equals-start/a-replay', longLog],
    [
      'from a log that ends at the end block',
      'failures/blocklog-ends-exactly-at-end/a-replay',
      (data: string) => putLog(chain, data, 1002, 2002),
    ],
  ])('%s', async (_, name, prepare) => {
    const { got, real, exit } = await repeatInNewFolder(name, { ...setup, prepare });
    expect(got).toEqual(real);
    expect(exit).toBe(0);
  });

  it('from the genesis in its stride files', async () => {
    const prepare = strides(1, 1001, 2001);
    const { got, real, exit } = await repeatInNewFolder('split-logs/s9-genesis-from-retained', {
      ...setup,
      prepare,
    });
    expect(got).toEqual(real);
    expect(exit).toBe(0);
  });
});

describe('Leap: waits for ever, as the real one, until it is told to stop', () => {
  it.each([
    ['no block log and no peers', 'failures/no-blocklog/a-replay', () => {}],
    ['stride files, but no option for them', 'split-logs/s2-retained-subdir-plain-cfg', strides(1001, 2001)],
  ])('%s', async (_, name, prepare) => {
    const hooks = terminateAfter();
    const { got, real, exit } = await repeatInNewFolder(name, { ...setup, prepare, hooks });
    expect(got).toEqual(real);
    expect(exit).toBe(0);
  });
});

describe('Leap: several starts on one data directory', () => {
  it.each([
    ['read-only without the block log', 'restart-variants/v1-log-removed', null, 0],
    [
      'read-only with the long log it replays on',
      'restart-variants/v3-log-kept-no-terminate',
      [1001, 3000],
      0,
    ],
    ['read-only with the log cut to the end', 'restart-variants/v4-log-trimmed-to-end', [1002, 2002], 0],
    [
      'read-only with the log cut one block early',
      'restart-variants/v5b-log-trimmed-to-end-minus-1',
      [1002, 2001],
      254,
    ],
    ['with the same end again', 'restart-variants/v9-log-removed-terminate-at-same-end-rw', null, 0],
  ] as const)('%s', async (_, name, range, code) => {
    const first = await repeatInNewFolder('slices/slice-1/a-replay', { ...setup, prepare: longLog });
    removeLog(first.folder);
    if (range !== null) putLog(chain, join(first.folder, 'data'), range[0], range[1]);
    const second = await repeat({ chain, name, folder: first.folder, hooks: terminateAfter() });
    expect(second.got).toEqual(second.real);
    expect(second.exit).toBe(code);
  });

  it('without the whole blocks folder it fails', async () => {
    const first = await repeatInNewFolder('slices/slice-1/a-replay', { ...setup, prepare: longLog });
    rmSync(join(first.folder, 'data/blocks'), { recursive: true });
    const second = await repeat({
      chain,
      name: 'restart-variants/v6-blocks-dir-removed',
      folder: first.folder,
    });
    expect(second.got).toEqual(second.real);
    expect(second.exit).toBe(254);
  });

  it.each([
    [
      'takes the log that it began for the end of all',
      'split-logs/s1b-restart-ro-split-cfg-everything-kept',
      false,
    ],
    [
      'replays the stride files when that is gone',
      'split-logs/s1d-restart-ro-split-cfg-blocks.log-removed-retained-kept',
      true,
    ],
  ])('%s', async (_, name, isRemoved) => {
    const first = await repeatInNewFolder('split-logs/s1-retained-subdir-split-cfg', {
      ...setup,
      prepare: strides(1001, 2001),
    });
    if (isRemoved) removeLog(first.folder);
    const second = await repeat({ chain, name, folder: first.folder, hooks: terminateAfter() });
    expect(second.got).toEqual(second.real);
  });

  it('a state that was left dirty', async () => {
    const folder = temporaryFolder();
    putLog(chain, join(folder, 'data'), 1, 4600);
    const killed = await repeat({
      chain,
      name: 'failures/sigkill-during-replay/a-replay',
      folder,
      faults: 'oom@1700',
    });
    expect(killed.got).toEqual(killed.real);
    const again = await repeat({ chain, name: 'failures/sigkill-during-replay/c-restart', folder });
    expect(again.got).toEqual(again.real);
    expect(again.exit).toBe(2);
  });
});

describe('Leap refuses in the words of the real one', () => {
  it.each([
    ['a cut snapshot', 'snapshot-truncated-half', () => snapshotBytes(chain, 1001).subarray(0, 1_000_000)],
    ['an empty snapshot', 'snapshot-empty', () => Buffer.alloc(0)],
    ['random bytes', 'snapshot-random-bytes', () => Buffer.alloc(5000, 'any bytes at all')],
    ['a compressed snapshot', 'snapshot-still-compressed', () => Buffer.from('28b52ffd0458', 'hex')],
    ['a missing snapshot', 'snapshot-missing', () => null],
    ['a snapshot of Spring', 'spring-v8-snapshot', () => snapshotBytes('spring-1.2.2', 1006)],
  ])('%s', async (_, name, bytes) => {
    const { got, real, exit } = await repeatInNewFolder(`failures/${name}/a-replay`, {
      ...setup,
      snapshot: bytes(),
    });
    expect(got).toEqual(real);
    expect(exit).toBe(254);
  });

  it.each([
    [
      'a block log of another chain',
      'failures/blocklog-of-other-chain/a-replay',
      (data: string) => putLog('spring-1.2.2', data, 1001, 3000),
    ],
    [
      'a block log without its index',
      'failures/blocklog-without-index/a-replay',
      (data: string) => {
        longLog(data);
        rmSync(join(data, 'blocks/blocks.index'));
      },
    ],
    [
      'a block log that starts after the snapshot',
      'failures/blocklog-starts-after-snapshot-gap/a-replay',
      (data: string) => putLog(chain, data, 1051, 2002),
    ],
    [
      'stride files that start after the snapshot',
      'split-logs/s8-retained-gap-first-file-missing',
      strides(2001),
    ],
  ])('%s', async (_, name, prepare) => {
    const { got, real, exit } = await repeatInNewFolder(name, { ...setup, prepare });
    expect(got).toEqual(real);
    expect(exit).toBe(254);
  });

  it('a snapshot on a state that exists', async () => {
    const first = await repeatInNewFolder('slices/slice-1/a-replay', { ...setup, prepare: longLog });
    const snapshot = join(first.folder, 'snapshot.bin');
    const name = 'failures/snapshot-with-existing-state/a-replay';
    const { got, real, exit } = await repeat({ chain, name, folder: first.folder, snapshot });
    expect(got).toEqual(real);
    expect(exit).toBe(254);
  });
});

describe('Leap and its state database', () => {
  it('too small for the snapshot: exit code 0, and no hash', async () => {
    const name = 'failures/db-size-too-small/a-replay';
    const { got, real, exit } = await repeatInNewFolder(name, { ...setup, prepare: longLog });
    expect(got).toEqual(real);
    expect(exit).toBe(0);
    expect(got.join('\n')).not.toContain('hash:');
  });

  it('less free than its guard', async () => {
    const name = 'failures/db-guard/a-replay';
    const { got, real, exit } = await repeatInNewFolder(name, { ...setup, prepare: longLog });
    const freeless = (lines: string[]): string[] =>
      lines.map((line) => line.replaceAll(/free: \d+|"f":\d+/g, '<free>'));
    expect(freeless(got)).toEqual(freeless(real));
    expect(exit).toBe(254);
  });
});

describe('Spring on a Leap chain', () => {
  it('loads its snapshots and replays its blocks to hashes of its own', async () => {
    const folder = temporaryFolder();
    const snapshot = join(folder, 'snapshot.bin');
    writeFileSync(snapshot, snapshotBytes(chain, 1001));
    longLog(join(folder, 'data'));
    expect(fixture(chain, 'blocks/blocks-1001-2000.index')).toHaveLength(8000);
    const { stderr, exit } = await repeat({
      chain: 'spring-1.2.2',
      name: 'slices/slice-1/a-replay',
      folder,
      snapshot,
    });
    expect(stderr).toContain(
      'chain database started with hash: 0af74f33b523f2c3d47d7e5569df9989551bb224c5e769189b3b1f95c405a423',
    );
    expect(exit).toBe(0);
  });
});
