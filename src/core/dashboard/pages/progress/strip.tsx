import { useMemo, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { formatCount } from '../../../format/count.ts';
import { jobIds, jobSignal } from '../../data/store.ts';
import { useWidth } from '../../parts/use-width.ts';
import { layOut, neighbour, type Layout } from './layout.ts';
import { Legend } from './legend.tsx';
import { aboutSegment, SegmentLink, ROW_HEIGHT, ROW_STEP } from './segment.tsx';

/** The chain from its first block to its last, every slice a link. */
export function Strip() {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const ids = jobIds.value;
  const layout = useMemo(() => {
    const slices = ids.flatMap((id) => jobSignal(id)?.peek() ?? []);
    return layOut(slices, Math.max(width, 200));
  }, [ids, width]);
  return (
    <section class="strip" aria-labelledby="strip-title">
      <h2 id="strip-title">The chain</h2>
      <div ref={place}>{width > 0 && <Drawing layout={layout} width={width} slices={ids.length} />}</div>
      <Legend />
    </section>
  );
}

function Drawing({ layout, width, slices }: { layout: Layout; width: number; slices: number }) {
  const { rows, segments } = layout;
  const pointed = useSignal<number | null>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const current = useRef(0);
  const height = rows * ROW_STEP - (ROW_STEP - ROW_HEIGHT);

  /** One of them is reached by Tab, and from there the others by the arrow keys. */
  const linkAt = (at: number): SVGAElement | undefined =>
    drawing.current?.querySelectorAll<SVGAElement>('a')[at];
  const noteFocus = (at: number | null): void => {
    pointed.value = at;
    if (at === null) return;
    linkAt(current.current)?.setAttribute('tabindex', '-1');
    linkAt(at)?.setAttribute('tabindex', '0');
    current.current = at;
  };

  return (
    // The listeners are not on the drawing itself: Chromium would make it a stop of the Tab key.
    <div
      onKeyDown={(event) => {
        const to = neighbour(layout, current.current, event.key);
        if (to === null || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        linkAt(to)?.focus();
      }}
      onPointerOver={(event) => {
        pointed.value = indexOf(event.target);
      }}
      onPointerLeave={() => {
        pointed.value = null;
      }}
      onFocusIn={(event) => noteFocus(indexOf(event.target))}
      onFocusOut={() => {
        pointed.value = null;
      }}
    >
      <svg
        ref={drawing}
        class="strip-drawing"
        width={width}
        height={height}
        role="group"
        aria-label={`${formatCount(slices)} slices from the first block to the last; arrow keys lead from one to the next`}
      >
        {segments.map((segment, at) => (
          <SegmentLink key={segment.jobIds[0]} segment={segment} index={at} />
        ))}
      </svg>
      <Below layout={layout} at={pointed} />
    </div>
  );
}

/** The first and the last block, and between them what the pointer or the focus is on. */
function Below({ layout: { segments }, at }: { layout: Layout; at: { value: number | null } }) {
  const first = segments[0];
  if (first === undefined) return null;
  const last = segments.reduce((most, { endBlock }) => Math.max(most, endBlock), 0);
  const pointed = at.value === null ? undefined : segments[at.value];
  return (
    <p class="strip-below">
      <span>{first.startBlock === 0 ? 'genesis' : `block ${formatCount(first.startBlock)}`}</span>
      {/* Screen readers have it as the name of the link. */}
      <span class="strip-pointed" aria-hidden="true">
        {pointed === undefined ? 'Point at a slice to see what it is.' : aboutSegment(pointed)}
      </span>
      <span>block {formatCount(last)}</span>
    </p>
  );
}

function indexOf(target: EventTarget | null): number | null {
  const link = target instanceof Element ? target.closest('a') : null;
  const index = link?.getAttribute('data-index');
  return index === null || index === undefined ? null : Number(index);
}
