import { describe, expect, it } from 'vitest';
import { resolveSlicePaths } from '../../../../src/core/domain/manifest/resolve-paths.ts';
import type { Slice } from '../../../../src/core/domain/slice.ts';
import { aSlice } from '../builders.ts';

function resolve(changes: Partial<Slice>, folder: string): Slice | undefined {
  return resolveSlicePaths([aSlice({ storageType: 'filesystem', ...changes })], folder)[0];
}

describe('resolveSlicePaths', () => {
  it('makes relative paths absolute, from the folder of the manifest', () => {
    const slice = {
      snapshotPath: 'snapshots/a.bin',
      blocksPath: '../blocks/',
      genesisPath: './genesis.json',
      nodeosVersion: 'builds/own.deb',
    };
    expect(resolve(slice, '/runs/first')).toMatchObject({
      snapshotPath: '/runs/first/snapshots/a.bin',
      blocksPath: '/runs/blocks/',
      genesisPath: '/runs/first/genesis.json',
      nodeosVersion: '/runs/first/builds/own.deb',
    });
  });

  it('leaves alone what holds anywhere', () => {
    const slice = {
      snapshotPath: '/data/a.bin',
      blocksPath: 's3://bucket/blocks',
      genesisPath: 'https://host/genesis.json?a=b%20c',
      nodeosVersion: '1.2.2',
    };
    expect(resolve(slice, '/runs/first')).toMatchObject(slice);
  });

  it('invents nothing for a slice from genesis', () => {
    const slice = { snapshotPath: '', blocksPath: null, genesisPath: null, nodeosVersion: null };
    expect(resolve(slice, '/runs/first')).toMatchObject({ ...slice, storageType: 'filesystem' });
  });

  it('resolves beside a manifest from a web server, and fetches from there', () => {
    expect(
      resolve({ snapshotPath: 'snapshots/a b.bin', blocksPath: '../blocks' }, 'https://host/runs/first'),
    ).toMatchObject({
      snapshotPath: 'https://host/runs/first/snapshots/a b.bin',
      blocksPath: 'https://host/runs/blocks',
      storageType: 'http',
      storageTypeAsWritten: 's3',
    });
  });

  it('resolves beside a manifest in a bucket', () => {
    expect(resolve({ snapshotPath: 'a.bin' }, 's3://bucket')).toMatchObject({
      snapshotPath: 's3://bucket/a.bin',
      storageType: 's3',
    });
  });
});
