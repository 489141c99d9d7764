import { escapeMarkup } from '../escape.ts';
import { formatCount } from '../../format/count.ts';
import { formatSpan } from '../../format/span.ts';
import { REPORTED_STANDINGS, type ReportedJob, type ReportedStanding } from '../reported-job.ts';
import { STANDING_NAMES } from '../wording.ts';

/** Units of the drawing; it is scaled to the width of the page. */
const WIDTH = 1000;
const ROW_HEIGHT = 26;
const ROW_STEP = 32;
/** Of a slice of average size; below it nobody could tell one from the next. */
const NARROWEST_AVERAGE = 18;
const MOST_ROWS = 24;
/** A problem is seen even where a slice is one in ten thousand. */
const NARROWEST_PROBLEM = 4;

/** A piece of a slice in one row of the drawing. */
interface Piece {
  job: ReportedJob;
  x: number;
  width: number;
  row: number;
}

/**
 * The chain from left to right and row by row: every slice in proportion to its blocks, coloured by its
 * standing. Blocks that belong to no slice take no room.
 */
export function strip(slices: readonly ReportedJob[]): string {
  const inOrder = slices.toSorted((a, b) => a.startBlock - b.startBlock || a.sliceId - b.sliceId);
  const rows = Math.min(MOST_ROWS, Math.max(1, Math.ceil((inOrder.length * NARROWEST_AVERAGE) / WIDTH)));
  const pieces = layOut(inOrder, rows);
  // What is drawn later lies on top: the worst last.
  const worstLast = pieces.toSorted(
    (a, b) => REPORTED_STANDINGS.indexOf(b.job.standing) - REPORTED_STANDINGS.indexOf(a.job.standing),
  );
  const height = rows * ROW_STEP - (ROW_STEP - ROW_HEIGHT);
  const label = `The chain as ${formatCount(slices.length)} slices in ${rows === 1 ? 'one row' : `${rows} rows`}`;
  return [
    `<svg class="strip" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">`,
    ...Array.from(
      { length: rows },
      (_, row) =>
        `<rect class="ground" x="0" y="${row * ROW_STEP}" width="${WIDTH}" height="${ROW_HEIGHT}"/>`,
    ),
    ...worstLast.map(draw),
    '</svg>',
    ends(inOrder),
  ].join('\n');
}

function layOut(inOrder: readonly ReportedJob[], rows: number): Piece[] {
  const blocks = inOrder.reduce((sum, job) => sum + sizeOf(job), 0);
  const scale = (WIDTH * rows) / Math.max(1, blocks);
  const pieces: Piece[] = [];
  let from = 0;
  for (const job of inOrder) {
    const to = from + sizeOf(job) * scale;
    const first = Math.min(Math.floor(from / WIDTH), rows - 1);
    // A slice that does not fit into its row goes on in the next one, unless only a rounding error is left.
    for (let row = first; row < rows && (row === first || to - row * WIDTH > 0.01); row += 1) {
      const x = Math.max(from - row * WIDTH, 0);
      pieces.push({ job, row, x, width: Math.max(0, Math.min(to - row * WIDTH, WIDTH) - x) });
    }
    from = to;
  }
  return pieces;
}

function sizeOf({ startBlock, endBlock }: ReportedJob): number {
  return endBlock - startBlock;
}

function draw({ job, x, width, row }: Piece): string {
  // A gap between neighbours, where there is room for one.
  const shown = isProblem(job) ? Math.max(width - gap(width), NARROWEST_PROBLEM) : width - gap(width);
  const left = Math.min(x, WIDTH - shown);
  const place = `x="${digits(left)}" y="${row * ROW_STEP}" width="${digits(shown)}" height="${ROW_HEIGHT}"`;
  return `<a href="#slice-${job.jobId}" tabindex="-1"><rect class="s-${job.standing}" ${place}><title>${escapeMarkup(about(job))}</title></rect></a>`;
}

function isProblem({ standing }: ReportedJob): boolean {
  return standing === 'failed' || standing === 'mismatch';
}

function gap(width: number): number {
  return width > 3 ? 1 : 0;
}

function digits(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function about(job: ReportedJob): string {
  return [
    `Slice ${job.sliceId}, blocks ${formatCount(job.startBlock)} to ${formatCount(job.endBlock)}: ${STANDING_NAMES[job.standing]}`,
    ...(job.cause === null ? [] : [job.cause]),
    ...(job.workerId === null ? [] : [job.workerId]),
    ...(job.durationMs === null ? [] : [formatSpan(job.durationMs)]),
  ].join(', ');
}

/** First and last block under the drawing. */
function ends(inOrder: readonly ReportedJob[]): string {
  const first = inOrder[0];
  if (first === undefined) return '';
  const last = inOrder.reduce((most, { endBlock }) => Math.max(most, endBlock), 0);
  return `<p class="ends"><span>block ${formatCount(first.startBlock)}</span><span>block ${formatCount(last)}</span></p>`;
}

/** What the colours mean, and how many slices have each. */
export function legend(slices: readonly ReportedJob[]): string {
  const counts = new Map<ReportedStanding, number>();
  for (const { standing } of slices) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  const items = REPORTED_STANDINGS.filter((standing) => counts.has(standing)).map(
    (standing) =>
      `<li><i class="s-${standing}"></i>${STANDING_NAMES[standing]} <b>${formatCount(counts.get(standing)!)}</b></li>`,
  );
  return `<ul class="legend">${items.join('')}</ul>`;
}
