import type { Slice } from '../slice.ts';
import { productOfField, bareVersion, versionKey } from '../version.ts';
import type { Finding } from './problem.ts';

/** Mistakes that show only when slices are seen together: repetitions and overlaps. O(n log n). */
export function checkChain(slices: readonly Slice[]): Finding[] {
  const groups = [...Map.groupBy(slices, versionKey).values()];
  return groups
    .flatMap((group) => checkVersionGroup(group.toSorted(byBlock)))
    .toSorted((a, b) => (a.sliceId ?? 0) - (b.sliceId ?? 0));
}

export function byBlock(a: Slice, b: Slice): number {
  return a.startBlock - b.startBlock || a.endBlock - b.endBlock || a.sliceId - b.sliceId;
}

/** The slices of one version, by block: none may begin before the furthest reach of those before it. */
function checkVersionGroup(sorted: readonly Slice[]): Finding[] {
  const findings: Finding[] = [];
  let [furthest] = sorted;
  let previous: Slice | undefined;
  for (const slice of sorted.slice(1)) {
    previous ??= furthest;
    if (previous !== undefined && isSameRange(previous, slice)) findings.push(repetition(previous, slice));
    else {
      if (furthest !== undefined && slice.startBlock < furthest.endBlock)
        findings.push(overlap(furthest, slice));
      previous = slice;
    }
    if (furthest !== undefined && slice.endBlock > furthest.endBlock) furthest = slice;
  }
  return findings;
}

function isSameRange(one: Slice, other: Slice): boolean {
  return one.startBlock === other.startBlock && one.endBlock === other.endBlock;
}

function repetition(one: Slice, other: Slice): Finding {
  const [first, second] = inManifestOrder(one, other);
  return {
    code: 'repeated-slice',
    sliceId: second.sliceId,
    field: null,
    value: [second.startBlock, second.endBlock],
    message: `the same as slice ${first.sliceId}: blocks ${range(second)} with ${named(second)}; expected once`,
  };
}

function overlap(one: Slice, other: Slice): Finding {
  const [first, second] = inManifestOrder(one, other);
  const from = Math.max(one.startBlock, other.startBlock) + 1;
  const to = Math.min(one.endBlock, other.endBlock);
  return {
    code: 'overlap',
    sliceId: second.sliceId,
    field: null,
    value: [second.startBlock, second.endBlock],
    message:
      `blocks ${range(second)} overlap slice ${first.sliceId} (${range(first)}): both replay block` +
      `${from === to ? ` ${from}` : `s ${from} to ${to}`} with ${named(second)}`,
  };
}

function inManifestOrder(one: Slice, other: Slice): [Slice, Slice] {
  return one.sliceId < other.sliceId ? [one, other] : [other, one];
}

function range({ startBlock, endBlock }: Slice): string {
  return `${startBlock} to ${endBlock}`;
}

function named({ versionField, version }: Slice): string {
  return `${productOfField(versionField)} ${bareVersion(version)}`;
}
