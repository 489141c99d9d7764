import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repeatInNewFolder } from './cases.ts';
import { repeat } from './comparison.ts';
import { FIXTURES, fixture, putLog, putStrides, temporaryFolder, terminateAfter } from './support.ts';

const chain = 'spring-1.2.2';
const setup = { chain, snapshotBlock: 1006 } as const;
const genesis = join(FIXTURES, chain, 'genesis.json');

const longLog = (data: string): void => putLog(chain, data, 1001, 3000);
const trimmedLog = (data: string): void => putLog(chain, data, 1006, 2004);

describe('Spring: the log of a slice reads as the real one', () => {
  it.each([
    ['from one long log', 'slices/slice-1/a-replay', longLog],
    [
      'from stride files',
      'blocklog-layouts/retained-only-no-blockslog',
      (data: string) => putStrides(chain, data, [1001, 2001]),
    ],
    [
      'from stride files without indexes',
      'blocklog-layouts/retained-only-index-missing',
      (data: string) => putStrides(chain, data, [1001, 2001], false),
    ],
    ['from a long log with stride options', 'blocklog-layouts/merged-log-with-stride-config', longLog],
    ['without a configuration file', 'failures/config-dir-missing/a', longLog],
    ['end below the head of the snapshot', 'failures/terminate-at-below-snapshot-head/a', longLog],
    ['end at the head of the snapshot', 'failures/terminate-at-equals-snapshot-head/a', longLog],
    ['from a log that ends at the end block', 'slices-trimmed-log/slice-1/a-replay', trimmedLog],
  ])('%s', async (_, name, prepare) => {
    const { got, real, exit } = await repeatInNewFolder(name, { ...setup, prepare });
    expect(got).toEqual(real);
    expect(exit).toBe(0);
  });
});

describe('Spring: waits for ever, as the real one, until it is told to stop', () => {
  it.each([
    ['no block log and no peers', 'failures/no-blockslog-no-peers/a', () => {}],
    [
      'a gap between stride files',
      'blocklog-layouts/retained-only-with-gap',
      (data: string) => putStrides(chain, data, [1001, 3001]),
    ],
    [
      'the index without its log',
      'failures/blockslog-missing-index-present/a',
      (data: string) => {
        writeFileSync(join(data, 'blocks/blocks.index'), fixture(chain, 'blocks/blocks-1001-2000.index'));
      },
    ],
    ['neither snapshot nor genesis', 'failures/no-snapshot-no-genesis-empty-dir/a', () => {}],
  ])('%s', async (_, name, prepare) => {
    const hooks = terminateAfter();
    const { got, real, exit } = await repeatInNewFolder(name, { ...setup, prepare, hooks });
    expect(got).toEqual(real);
    expect(exit).toBe(0);
  });

  it('a block log that ends before the end block', async () => {
    const { got, real, exit } = await repeatInNewFolder(
      'failures/blocklog-ends-before-end-no-peers/a-replay',
      {
        chain,
        snapshotBlock: 5008,
        prepare: (data) => putLog(chain, data, 5001, 6000),
        hooks: terminateAfter(),
      },
    );
    expect(got).toEqual(real);
    expect(exit).toBe(0);
  });
});

describe('Spring: several starts on one data directory', () => {
  const removeLog = (folder: string): void => {
    rmSync(join(folder, 'data/blocks/blocks.log'));
    rmSync(join(folder, 'data/blocks/blocks.index'));
  };

  it('after a replay that ended inside the log the restart fails for want of a fork database', async () => {
    const folder = temporaryFolder();
    putLog(chain, join(folder, 'data'), 1, 2000);
    const first = await repeat({ chain, name: 'slices/genesis-slice/a-replay', folder, genesis });
    expect(first.got).toEqual(first.real);
    removeLog(folder);
    const second = await repeat({ chain, name: 'slices/genesis-slice/b-readonly', folder });
    expect(second.got).toEqual(second.real);
    expect(second.exit).toBe(254);
  });

  it('after a replay that ended with the log the restart works', async () => {
    const first = await repeatInNewFolder('slices-trimmed-log/slice-1/a-replay', {
      ...setup,
      prepare: trimmedLog,
    });
    removeLog(first.folder);
    const name = 'slices-trimmed-log/slice-1/b-readonly';
    const second = await repeat({ chain, name, folder: first.folder, hooks: terminateAfter() });
    expect(second.got).toEqual(second.real);
    expect(second.exit).toBe(0);
  });

  it.each([
    [
      'with the long log kept it replays on past the end',
      'restart-variants/v3-log-kept-no-terminate',
      1001,
      3000,
      0,
    ],
    [
      'with the same end it has nothing to do',
      'restart-variants/v2-log-kept-terminate-at-same-end',
      1001,
      3000,
      0,
    ],
    ['with the log cut to the end it fails', 'restart-variants/v4-log-trimmed-to-end', 1006, 2004, 254],
    [
      'with the log cut one block later it replays that',
      'restart-variants/v5-log-trimmed-to-end-plus-1',
      1006,
      2005,
      0,
    ],
  ])('%s', async (_, name, from, to, code) => {
    const first = await repeatInNewFolder('slices/slice-1/a-replay', { ...setup, prepare: longLog });
    removeLog(first.folder);
    putLog(chain, join(first.folder, 'data'), from, to);
    const second = await repeat({ chain, name, folder: first.folder, hooks: terminateAfter() });
    expect(second.got).toEqual(second.real);
    expect(second.exit).toBe(code);
  });

  it('stopped by SIGTERM it goes on from there to the same hash', async () => {
    const prepare = (data: string): void => putLog(chain, data, 1001, 6866);
    // The recorded run was stopped at this very block.
    const first = await repeatInNewFolder('failures/sigterm-during-replay/a', {
      ...setup,
      prepare,
      faults: 'exit-0@3124',
    });
    expect(first.got).toEqual(first.real);
    const name = 'failures/sigterm-during-replay/restart-continue';
    const second = await repeat({ chain, name, folder: first.folder });
    expect(second.got).toEqual(second.real);
  });
});
