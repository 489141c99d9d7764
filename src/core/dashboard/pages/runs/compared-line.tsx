import { formatCount } from '../../../format/count.ts';
import { formatSpan } from '../../../format/span.ts';
import type { ComparedSideRecord, ComparedSliceRecord } from '../../../protocol/comparison-record.ts';
import { STANDING_NAMES, standingOf, type Standing } from '../../data/standing.ts';
import { StandingMark } from '../../parts/standing.tsx';

export const COMPARED_COLUMNS: readonly [title: string, number?: 'number'][] = [
  ['Blocks'],
  ['Difference'],
  ['Result in A and B'],
  ['Hash in A and B'],
  ['Time', 'number'],
  ['Speed', 'number'],
];

const DIFFERENCES: Record<ComparedSliceRecord['difference'], [standing: Standing, words: string]> = {
  hash: ['mismatch', 'hash differs'],
  verdict: ['failed', 'verdict differs'],
  unknown: ['pending', 'cannot be told'],
  'only-a': ['waiting', 'only in A'],
  'only-b': ['waiting', 'only in B'],
  none: ['verified', 'equal'],
};

/** One slice in both runs: what is A's above what is B's. */
export function ComparedLine({ slice, index }: { slice: ComparedSliceRecord; index: number }) {
  const { start_block, end_block, difference, a, b, speed_ratio } = slice;
  const [standing, words] = DIFFERENCES[difference];
  return (
    <tr data-row aria-rowindex={index}>
      <th scope="row">
        {formatCount(start_block)}
        <span class="more">to {formatCount(end_block)}</span>
      </th>
      <td>
        <span class="standing">
          <StandingMark standing={standing} />
          {words}
        </span>
      </td>
      <Pair a={a} b={b} of={(side) => STANDING_NAMES[standingOf(side)]} />
      <td class="mono hashes">
        {slice.hashes === 'equal' ? (
          hashOf(a)
        ) : (
          <>
            <span>{hashOf(a)}</span>
            <span>{hashOf(b)}</span>
          </>
        )}
      </td>
      <Pair
        a={a}
        b={b}
        of={({ duration_ms }) => (duration_ms === null ? '–' : formatSpan(duration_ms))}
        number
      />
      <td class="number">{speed_ratio === null ? '–' : `${speed_ratio.toFixed(2)}x`}</td>
    </tr>
  );
}

type Side = ComparedSideRecord | null;

function Pair({
  a,
  b,
  of,
  number,
}: {
  a: Side;
  b: Side;
  of: (side: ComparedSideRecord) => string;
  number?: boolean;
}) {
  const [inA, inB] = [a, b].map((side) => (side === null ? 'no such slice' : of(side)));
  return (
    <td class={number ? 'number pair' : 'pair'}>
      <span>{inA}</span>
      <span>{inB}</span>
    </td>
  );
}

function hashOf(side: Side): string {
  return side?.actual_integrity_hash ?? 'none';
}
