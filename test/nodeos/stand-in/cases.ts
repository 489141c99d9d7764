import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Compared, repeat } from './comparison.ts';
import { type Chain, type RunHooks, snapshotBytes, temporaryFolder } from './support.ts';

/** How one recorded run is set up. */
export interface Setup {
  readonly chain: Chain;
  /** Block of the snapshot that the recording started from. */
  readonly snapshotBlock: number;
  /** Puts things into the data directory; gets its path. */
  readonly prepare?: (data: string) => void;
  /** The snapshot's bytes, for damaged ones; null puts none. */
  readonly snapshot?: Buffer | null;
  readonly genesis?: string;
  readonly hooks?: RunHooks;
  readonly faults?: string;
}

/** Repeats a recorded run in a new folder. */
export async function repeatInNewFolder(name: string, setup: Setup): Promise<Compared & { folder: string }> {
  const folder = temporaryFolder();
  const snapshot = join(folder, 'snapshot.bin');
  if (setup.snapshot !== null) {
    writeFileSync(snapshot, setup.snapshot ?? snapshotBytes(setup.chain, setup.snapshotBlock));
  }
  mkdirSync(join(folder, 'data/blocks'), { recursive: true });
  setup.prepare?.(join(folder, 'data'));
  const { chain, genesis, hooks, faults } = setup;
  const compared = await repeat({
    chain,
    name,
    folder,
    snapshot,
    ...(genesis === undefined ? {} : { genesis }),
    ...(hooks === undefined ? {} : { hooks }),
    ...(faults === undefined ? {} : { faults }),
  });
  return { ...compared, folder };
}
