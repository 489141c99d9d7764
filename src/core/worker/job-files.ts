import { AttemptFailure } from '../domain/attempt-failure.ts';
import type { FullJobRecord } from '../protocol/full-record.ts';
import { baseName, joinLocation, parentLocation, parseLocation } from '../storage/location.ts';
import type { Location } from '../storage/location.ts';

/** Where the files of a slice are. Pure: nothing is looked up. */
export interface JobFiles {
  /** null for a slice from genesis. */
  snapshot: Location | null;
  /** null: not named, to be looked for in `chainFolder`. Only for a slice from genesis. */
  genesis: Location | null;
  /** The folder in which the folders of snapshots and blocks stand; null when nothing tells it. */
  chainFolder: Location | null;
  /** Folder of the block files; null when nothing tells it. */
  blocks: Location | null;
}

type Paths = Pick<FullJobRecord, 'start_block_num' | 'snapshot_path' | 'blocks_path' | 'genesis_path'>;

/**
 * The block files are in `blocks_path`, or in `blocks/` beside the folder that the snapshot is in. The
 * genesis of a slice that starts at block 0 is `genesis_path`; older manifests name it as the snapshot.
 * Throws an AttemptFailure `bad-job` for an address of an unknown form.
 */
export function locateJobFiles(job: Paths): JobFiles {
  const fromGenesis = job.start_block_num === 0;
  const named = job.snapshot_path === '' ? null : parseLocation(job.snapshot_path);
  const blocksPath = job.blocks_path === null ? null : parseLocation(job.blocks_path);
  const genesisPath = job.genesis_path === null ? null : parseLocation(job.genesis_path);
  const namedIsGenesis = fromGenesis && named !== null && baseName(named).endsWith('.json');
  const genesis = genesisPath ?? (namedIsGenesis ? named : null);
  if (!fromGenesis && named === null) {
    throw new AttemptFailure(
      'bad-job',
      `The slice starts at block ${job.start_block_num} and names no snapshot`,
      {
        hint: 'Give the slice a snapshot_path in the manifest.',
      },
    );
  }
  const chainFolder = chainFolderOf(namedIsGenesis ? null : named, genesis, blocksPath);
  return {
    snapshot: fromGenesis ? null : named,
    genesis: fromGenesis ? genesis : null,
    chainFolder,
    blocks: blocksPath ?? (chainFolder === null ? null : joinLocation(chainFolder, 'blocks')),
  };
}

function chainFolderOf(
  snapshot: Location | null,
  genesis: Location | null,
  blocks: Location | null,
): Location | null {
  const snapshots = snapshot === null ? null : parentLocation(snapshot);
  if (snapshots !== null) return parentLocation(snapshots);
  if (genesis !== null) return parentLocation(genesis);
  return blocks === null ? null : parentLocation(blocks);
}
