/** A stretch of the chain in the drawing: one slice, or some neighbours when there are very many. */
export interface Segment {
  /** Jobs of the stretch, in the order of their blocks. */
  jobIds: readonly number[];
  startBlock: number;
  endBlock: number;
  /** Where it is drawn: in one line, or on from the end of one to the next. */
  pieces: readonly Piece[];
}

export interface Piece {
  row: number;
  x: number;
  width: number;
}

export interface Slice {
  job_id: number;
  start_block_num: number;
  end_block_num: number;
}

export interface Layout {
  rows: number;
  segments: readonly Segment[];
}

/** Pixels of a slice of average size: below it nobody could tell one from the next, or point at it. */
const NARROWEST_AVERAGE = 9;
const MOST_ROWS = 30;
/** More links than this help nobody. */
const MOST_SEGMENTS = 1500;

/**
 * Lays the chain out from left to right, folded into lines like text: every slice in proportion to its
 * blocks. Blocks that belong to no slice take no room.
 *
 * @param width of a line, in pixels
 */
export function layOut(slices: readonly Slice[], width: number): Layout {
  const inOrder = slices.toSorted((a, b) => a.start_block_num - b.start_block_num || a.job_id - b.job_id);
  const groups = grouped(inOrder, Math.ceil(inOrder.length / MOST_SEGMENTS));
  const rows = clamp(Math.ceil((groups.length * NARROWEST_AVERAGE) / width), 1, MOST_ROWS);
  const blocks = inOrder.reduce((sum, slice) => sum + sizeOf(slice), 0);
  const scale = (width * rows) / Math.max(1, blocks);
  let from = 0;
  const segments = groups.map((group): Segment => {
    const to = from + group.reduce((sum, slice) => sum + sizeOf(slice), 0) * scale;
    const pieces = fold(from, to, width, rows);
    from = to;
    return {
      jobIds: group.map(({ job_id }) => job_id),
      startBlock: group[0]!.start_block_num,
      endBlock: group.reduce((last, { end_block_num }) => Math.max(last, end_block_num), 0),
      pieces,
    };
  });
  return { rows, segments };
}

function grouped(slices: readonly Slice[], size: number): Slice[][] {
  const groups: Slice[][] = [];
  for (let at = 0; at < slices.length; at += size) groups.push(slices.slice(at, at + size));
  return groups;
}

/** What does not fit into a line goes on in the next, unless only a rounding error is left. */
function fold(from: number, to: number, width: number, rows: number): Piece[] {
  const pieces: Piece[] = [];
  const first = Math.min(Math.floor(from / width + 1e-9), rows - 1);
  for (let row = first; row < rows && (row === first || to - row * width > 0.05); row += 1) {
    const x = Math.max(from - row * width, 0);
    pieces.push({ row, x, width: Math.max(0, Math.min(to - row * width, width) - x) });
  }
  return pieces;
}

function sizeOf({ start_block_num, end_block_num }: Slice): number {
  return end_block_num - start_block_num;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/**
 * Which segment an arrow key leads to from one; the same when there is none further.
 * Up and down lead to the piece that lies most nearly above or below.
 */
export function neighbour({ rows, segments }: Layout, at: number, key: string): number | null {
  const last = segments.length - 1;
  switch (key) {
    case 'ArrowRight':
      return Math.min(at + 1, last);
    case 'ArrowLeft':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'ArrowDown':
    case 'ArrowUp': {
      const piece = segments[at]?.pieces[0];
      if (piece === undefined) return at;
      const row = piece.row + (key === 'ArrowDown' ? 1 : -1);
      if (row < 0 || row >= rows) return at;
      const middle = piece.x + piece.width / 2;
      const found = segments.findIndex(({ pieces }) =>
        pieces.some((other) => other.row === row && other.x <= middle && middle < other.x + other.width),
      );
      return found === -1 ? last : found;
    }
    default:
      return null;
  }
}
