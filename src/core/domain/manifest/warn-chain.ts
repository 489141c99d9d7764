import type { Slice } from '../slice.ts';
import { majorOf, productOfField, versionKey } from '../version.ts';
import { byBlock } from './check-chain.ts';
import type { Finding, ProblemCode } from './problem.ts';
import { showValue } from './show-value.ts';

/** What may be meant so, and is probably not. O(n log n). */
export function warnOf(slices: readonly Slice[]): Finding[] {
  return [
    ...slices.flatMap(warnProduct),
    ...slices.flatMap(warnSnapshotName),
    ...slices.flatMap(warnNoGenesis),
    ...warnRepeatedSnapshots(slices),
    ...warnGaps(slices),
    ...warnRepeatedHashes(slices),
    ...warnContradictoryHashes(slices),
  ].toSorted((a, b) => (a.sliceId ?? 0) - (b.sliceId ?? 0));
}

function warning(
  code: ProblemCode,
  slice: Slice,
  field: string | null,
  value: unknown,
  message: string,
): Finding {
  return { code, sliceId: slice.sliceId, field, value, message };
}

/** Releases so far: Leap 3 to 5, Spring 1 and 2. A version of the other one is most likely in the wrong field. */
function warnProduct(slice: Slice): Finding[] {
  const major = majorOf(slice.version);
  if (slice.nodeosVersion !== null || major === null) return [];
  const product = productOfField(slice.versionField);
  const other = product === 'leap' ? major < 3 : major > 2;
  if (!other) return [];
  const message =
    product === 'leap'
      ? `got ${showValue(slice.version)}; Leap began with 3, so is spring_version meant?`
      : `got ${showValue(slice.version)}; Spring has come to 2 so far, so is leap_version meant?`;
  return [warning('other-product', slice, slice.versionField, slice.version, message)];
}

/** Snapshots are named after their block: `snapshot-2023-08-02-16-eos-v6-0323611371.bin.zst`. */
const NAMED_BLOCK = /-(\d{5,10})\.bin(?:\.zst)?$/;

function warnSnapshotName(slice: Slice): Finding[] {
  const block = NAMED_BLOCK.exec(slice.snapshotPath)?.[1];
  if (block === undefined || Number(block) === slice.startBlock) return [];
  const message = `got ${showValue(slice.snapshotPath)}, named after block ${Number(block)}; the slice starts at ${slice.startBlock}`;
  return [warning('snapshot-name', slice, 'snapshot_path', slice.snapshotPath, message)];
}

/** Without any of the three no worker finds the file: it is looked for beside the folders that they name. */
function warnNoGenesis(slice: Slice): Finding[] {
  const { startBlock, snapshotPath, genesisPath, blocksPath } = slice;
  if (startBlock > 0 || snapshotPath !== '' || genesisPath !== null || blocksPath !== null) return [];
  const message =
    'missing; the slice starts from genesis, and nothing tells where its genesis file is, so that it will fail';
  return [warning('no-genesis', slice, 'genesis_path', undefined, message)];
}

/** One snapshot cannot be the state at two blocks. */
function warnRepeatedSnapshots(slices: readonly Slice[]): Finding[] {
  const named = slices.filter(({ snapshotPath }) => snapshotPath !== '');
  return pairs(named, ({ snapshotPath }) => snapshotPath).flatMap(([first, slice]) =>
    first.startBlock === slice.startBlock
      ? []
      : [
          warning(
            'repeated-snapshot',
            slice,
            'snapshot_path',
            slice.snapshotPath,
            `the snapshot of slice ${first.sliceId} too, which starts at another block (${first.startBlock})`,
          ),
        ],
  );
}

/** Blocks between two slices that no slice of any version replays. */
function warnGaps(slices: readonly Slice[]): Finding[] {
  const findings: Finding[] = [];
  let reached: number | null = null;
  for (const slice of slices.toSorted(byBlock)) {
    if (reached !== null && slice.startBlock > reached) {
      const blocks =
        reached + 1 === slice.startBlock
          ? `block ${slice.startBlock} is`
          : `blocks ${reached + 1} to ${slice.startBlock} are`;
      const message = `${blocks} in no slice: the slices before this one end at ${reached}`;
      findings.push(warning('gap', slice, 'start_block_id', slice.startBlock, message));
    }
    reached = Math.max(reached ?? 0, slice.endBlock);
  }
  return findings;
}

/** The state of a chain is never the same at two blocks. */
function warnRepeatedHashes(slices: readonly Slice[]): Finding[] {
  return pairs(withHash(slices), ({ knownHash }) => knownHash ?? '').flatMap(([first, slice]) =>
    first.endBlock === slice.endBlock
      ? []
      : [
          warning(
            'repeated-hash',
            slice,
            'expected_integrity_hash',
            slice.knownHash,
            `the hash of slice ${first.sliceId} too, which ends at another block (${first.endBlock})`,
          ),
        ],
  );
}

/** Two builds of one version at one block: their hashes should be the same. */
function warnContradictoryHashes(slices: readonly Slice[]): Finding[] {
  const spot = (slice: Slice): string => `${slice.endBlock} ${versionKey({ ...slice, nodeosVersion: null })}`;
  return pairs(withHash(slices), spot).flatMap(([first, slice]) =>
    first.knownHash === slice.knownHash
      ? []
      : [
          warning(
            'contradictory-hashes',
            slice,
            'expected_integrity_hash',
            slice.knownHash,
            `slice ${first.sliceId} ends at the same block with the same version and another hash (${first.knownHash})`,
          ),
        ],
  );
}

function withHash(slices: readonly Slice[]): Slice[] {
  return slices.filter(({ knownHash }) => knownHash !== null && knownHash !== '');
}

/** Each slice after the first of its group, together with that first one. */
function pairs(slices: readonly Slice[], keyOf: (slice: Slice) => string): [Slice, Slice][] {
  return [...Map.groupBy(slices, keyOf).values()].flatMap(([first, ...rest]) =>
    rest.map((slice): [Slice, Slice] => [first ?? slice, slice]),
  );
}
