import type { ListedFile } from './source.ts';

/** One stride of the block log as it lies in storage: a log and, when there is one, its index. */
export interface BlockFile {
  /** First and last block, by the name. */
  readonly first: number;
  readonly last: number;
  /** Names in the listing. `index` is null when there is none: nodeos rebuilds it from a stride file. */
  readonly log: string;
  readonly index: string | null;
  /** Bytes of both as stored; null when the listing does not say. */
  readonly size: number | null;
  /** What nodeos expects in its retained folder: not compressed, no leading zeros. */
  readonly logName: string;
  readonly indexName: string;
}

export interface BlockRange {
  readonly from: number;
  readonly to: number;
}

export interface BlockSelection {
  /** The files to fetch, in the order of their blocks. They hold one run of blocks without a hole. */
  readonly files: readonly BlockFile[];
  /** The run of needed blocks that the files hold; both null when they hold none. */
  readonly coversFrom: number | null;
  readonly coversTo: number | null;
  /**
   * The first missing blocks; null when the slice is covered. What comes after a hole is not selected:
   * nodeos takes a hole for granted, replays up to it and waits there for ever.
   */
  readonly gap: BlockRange | null;
  /** Blocks exist in storage behind the gap, so it is a hole and not merely where the storage ends. */
  readonly hole: boolean;
  /** Names that look like block files and are not used: a `blocks.log` without a range, a reversed range. */
  readonly ignored: readonly string[];
}

/**
 * The blocks that a slice needs: those after the snapshot's head.
 *
 * nodeos itself asks for the head *or* the block after it ("Block log is provided with snapshot but does
 * not contain the head block from the snapshot nor a block right after it"). In recorded runs of Leap 5.0.3
 * and Spring 1.2.2 a log of blocks 1002-2002 with a snapshot at 1001 replayed from 1002 and gave the right
 * hash, and a log that ends exactly at the end block was enough. A slice from genesis needs block 1 too:
 * the first file carries the genesis state, and the replay of it starts at 2.
 */
export function neededBlocks(slice: { startBlock: number; endBlock: number }): BlockRange {
  return { from: slice.startBlock + 1, to: slice.endBlock };
}

/**
 * Picks every `blocks-<first>-<last>.log[.zst]` (and `.index[.zst]`) that a slice needs. The strides are
 * whatever the names say, and may overlap: at each block the file that reaches furthest is taken, so no
 * chosen file lies within another (which nodeos's catalogue would not survive). Of two forms of one range
 * the compressed one is taken, since it is less to fetch. A first file that starts before the slice is fine.
 *
 * A `blocks.log` without a range in its name is ignored: what it holds can only be told by fetching it.
 */
export function selectBlockFiles(
  listing: readonly ListedFile[],
  slice: { startBlock: number; endBlock: number },
): BlockSelection {
  const needed = neededBlocks(slice);
  const { candidates, ignored } = readNames(listing);
  const files: BlockFile[] = [];
  let next = needed.from;
  while (next <= needed.to) {
    const file = furthestReaching(candidates, next);
    if (file === null) break;
    files.push(file);
    next = file.last + 1;
  }
  const behind = candidates.filter((file) => file.first > next).map((file) => file.first);
  const resumes = Math.min(...behind);
  const missing = next <= needed.to;
  return {
    files,
    coversFrom: files.length === 0 ? null : needed.from,
    coversTo: files.length === 0 ? null : Math.min(next - 1, needed.to),
    gap: missing ? { from: next, to: Math.min(needed.to, resumes - 1) } : null,
    hole: missing && resumes <= needed.to,
    ignored,
  };
}

/** Says in one sentence what is missing, for a failure or a log line; null when nothing is. */
export function describeGap(selection: BlockSelection, folder: string): string | null {
  const { gap, ignored } = selection;
  if (gap === null) return null;
  const range = gap.from === gap.to ? `block ${gap.from}` : `blocks ${gap.from} to ${gap.to}`;
  const unused = ignored.length === 0 ? '' : ` (not used: ${ignored.slice(0, 3).join(', ')})`;
  return `The block files in ${folder} do not hold ${range}${unused}`;
}

function furthestReaching(candidates: readonly BlockFile[], block: number): BlockFile | null {
  let best: BlockFile | null = null;
  for (const file of candidates) {
    if (file.first > block || file.last < block) continue;
    // Of files that reach equally far the shortest.
    if (best === null || file.last > best.last || (file.last === best.last && file.first > best.first))
      best = file;
  }
  return best;
}

const NAME = /^blocks-(\d+)-(\d+)\.(log|index)(\.zst)?$/;
const MAX_BLOCK = 0xff_ff_ff_ff;

interface Forms {
  readonly first: number;
  readonly last: number;
  readonly log: ListedFile[];
  readonly index: ListedFile[];
}

function readNames(listing: readonly ListedFile[]): { candidates: BlockFile[]; ignored: string[] } {
  const ranges = new Map<string, Forms>();
  const ignored: string[] = [];
  for (const file of listing) {
    const match = NAME.exec(file.name);
    const first = Number(match?.[1]);
    const last = Number(match?.[2]);
    if (match === null || first < 1 || last < first || last > MAX_BLOCK) {
      if (/^blocks.*\.log(\.zst)?$/.test(file.name)) ignored.push(file.name);
      continue;
    }
    const key = `${first}-${last}`;
    const forms = ranges.get(key) ?? { first, last, log: [], index: [] };
    forms[match[3] === 'log' ? 'log' : 'index'].push(file);
    ranges.set(key, forms);
  }
  const candidates = [...ranges.values()].map(toBlockFile).filter((file) => file !== null);
  return { candidates, ignored };
}

/** null for an index without its log. */
function toBlockFile({ first, last, log, index }: Forms): BlockFile | null {
  const chosenLog = preferred(log);
  const chosenIndex = preferred(index);
  if (chosenLog === null) return null;
  const sizes = [chosenLog.size, chosenIndex === null ? 0 : chosenIndex.size];
  return {
    first,
    last,
    log: chosenLog.name,
    index: chosenIndex?.name ?? null,
    size: sizes.reduce((sum, size) => (sum === null || size === null ? null : sum + size)),
    logName: `blocks-${first}-${last}.log`,
    indexName: `blocks-${first}-${last}.index`,
  };
}

/** Compressed before plain, then the shorter name (fewer leading zeros), then by the alphabet. */
function preferred(forms: readonly ListedFile[]): ListedFile | null {
  const rank = (file: ListedFile): number => (file.name.endsWith('.zst') ? 0 : 1);
  const [best] = forms.toSorted(
    (a, b) => rank(a) - rank(b) || a.name.length - b.name.length || (a.name < b.name ? -1 : 1),
  );
  return best ?? null;
}
