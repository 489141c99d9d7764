import { useRef, useState } from 'preact/hooks';
import { formatCount } from '../../../format/count.ts';
import type { ComparedSliceRecord, ComparisonRecord } from '../../../protocol/comparison-record.ts';
import { Filler } from '../../parts/filler.tsx';
import { useRowsInSight } from '../../parts/rows-in-sight.ts';
import { ComparedLine, COMPARED_COLUMNS } from './compared-line.tsx';

const ORDER: readonly ComparedSliceRecord['difference'][] = [
  'hash',
  'verdict',
  'unknown',
  'only-a',
  'only-b',
];

/** The slices in which something differs, the most telling first; the others when they are asked for. */
export function ComparedSlices({ comparison: { slices } }: { comparison: ComparisonRecord }) {
  const [isOpen, setOpen] = useState(false);
  const differing = slices
    .filter(({ difference }) => difference !== 'none')
    .toSorted((one, other) => ORDER.indexOf(one.difference) - ORDER.indexOf(other.difference));
  const equal = slices.filter(({ difference }) => difference === 'none');
  return (
    <>
      {differing.length === 0 ? (
        <p>No slice differs.</p>
      ) : (
        <SliceTable name="Slices that differ, or cannot be told" slices={differing} />
      )}
      {equal.length > 0 && (
        <section class="equal-slices">
          <h2>
            <button type="button" class="opener" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> {formatCount(equal.length)}{' '}
              {equal.length === 1 ? 'slice' : 'slices'} in which nothing differs
            </button>
          </h2>
          {isOpen && <SliceTable name="Slices in which nothing differs" slices={equal} />}
        </section>
      )}
    </>
  );
}

function SliceTable({ name, slices }: { name: string; slices: readonly ComparedSliceRecord[] }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const sight = useRowsInSight(body, slices.length);
  return (
    <div class="scroll-narrow" tabIndex={0} role="region" aria-label={name}>
      <table class="long compared" aria-rowcount={slices.length + 1}>
        <caption>
          {name} ({formatCount(slices.length)})
        </caption>
        <thead>
          <tr aria-rowindex={1}>
            {COMPARED_COLUMNS.map(([title, number]) => (
              <th key={title} scope="col" class={number ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          <Filler height={sight.before} columns={COMPARED_COLUMNS.length} />
          {slices.slice(sight.first, sight.last).map((slice, at) => (
            <ComparedLine key={keyOf(slice)} slice={slice} index={sight.first + at + 2} />
          ))}
          <Filler height={sight.after} columns={COMPARED_COLUMNS.length} />
        </tbody>
      </table>
    </div>
  );
}

function keyOf({ a, b }: ComparedSliceRecord): string {
  return `${a?.job_id ?? ''} ${b?.job_id ?? ''}`;
}
