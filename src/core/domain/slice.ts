/** Where the snapshot of a slice comes from. `fs` in a manifest is another spelling of `filesystem`. */
export type StorageType = 's3' | 'filesystem' | 'http';

/** The manifest field that names the program: Leap (nodeos 3 to 5) or Spring (nodeos 1 and later). */
export type VersionField = 'leap_version' | 'spring_version';

/**
 * One slice of the chain's history, as the manifest gives it, with relative paths resolved.
 * Blocks are counted like nodeos does: the slice starts from the state *after* block `startBlock`
 * and replays `startBlock + 1` to `endBlock`, both included. `startBlock` 0 means from genesis.
 */
export interface Slice {
  /** Position in the manifest, from 1. */
  readonly sliceId: number;
  readonly startBlock: number;
  readonly endBlock: number;
  /** s3:// or http(s):// URL, or an absolute path; `''` when the slice starts from genesis and names none. */
  readonly snapshotPath: string;
  /** As the manifest spells it, so that older clients read back what they wrote. */
  readonly storageTypeAsWritten: string;
  readonly storageType: StorageType;
  readonly versionField: VersionField;
  /** As the manifest spells it: `5.0.2`, `v1.0.2`. */
  readonly version: string;
  /** What the manifest knew before the run (K): 64 lower-case hex digits, `''` when it said `""`, null when it said nothing. */
  readonly knownHash: string | null;
  /** Overrides what is installed: a version, the URL of a .deb, or the path of one. */
  readonly nodeosVersion: string | null;
  /** Extra command-line options for nodeos, each one from the allowed list. */
  readonly nodeosOptions: readonly string[];
  /** Folder of the block files (URL or absolute path); null: `blocks/` beside the snapshot's folder. */
  readonly blocksPath: string | null;
  /** URL or absolute path of genesis.json, for slices that start at 0; null: found beside the folders. */
  readonly genesisPath: string | null;
  /** SHA-256 of the snapshot file as stored (compressed when it is compressed), lower-case hex. */
  readonly snapshotSha256: string | null;
}
