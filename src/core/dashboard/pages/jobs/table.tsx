import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useRowsInSight } from '../../parts/rows-in-sight.ts';
import { setQuery } from '../../routing/router.ts';
import { clearFilter } from './ask.ts';
import { COLUMN_IDS, columnOf, nextOrder, orderText, type ColumnId, type Order } from './columns.ts';
import { JobLine } from './line.tsx';

interface TableProps {
  /** Numbers of the jobs, in their order. */
  shown: readonly number[];
  order: Order;
  isNarrow: boolean;
}

/**
 * The rows in sight and some beyond, at their places in a body as high as all of them. The row that the
 * keyboard is at stays, wherever one scrolls to.
 */
export function JobsTable({ shown, order, isNarrow }: TableProps) {
  const body = useRef<HTMLDivElement>(null);
  const { first, last: end, height } = useRowsInSight(body, shown.length);
  const { active, setActive, onKeyDown } = useRowKeys(body, shown, height);
  const activeAt = active === null ? -1 : shown.indexOf(active);
  const reached = activeAt === -1 ? first : activeAt;
  const places = Array.from({ length: end - first }, (_, at) => first + at);
  if (activeAt !== -1 && activeAt < first) places.unshift(activeAt);
  if (activeAt >= end) places.push(activeAt);

  return (
    <div class="jobs" role="table" aria-label="Jobs" aria-rowcount={shown.length + 1}>
      <div role="rowgroup" class="jobs-head">
        <div role="row" aria-rowindex={1} class="jobs-row">
          {COLUMN_IDS.map((id) => (
            <Head key={id} id={id} order={order} />
          ))}
        </div>
      </div>
      <div
        role="rowgroup"
        class="jobs-body"
        ref={body}
        style={{ height: `${shown.length * height}px` }}
        onKeyDown={onKeyDown}
        onFocusIn={(event) => setActive(jobOf(event.target))}
      >
        {places.map((at) => (
          <JobLine
            key={shown[at]}
            jobId={shown[at]!}
            index={at}
            top={at * height}
            isReached={at === reached}
          />
        ))}
      </div>
      {shown.length === 0 && (
        <p class="jobs-none">
          {isNarrow ? 'No job is like that. ' : 'The run has no jobs.'}
          {isNarrow && (
            <button type="button" onClick={clearFilter}>
              Show all jobs
            </button>
          )}
        </p>
      )}
    </div>
  );
}

function Head({ id, order }: { id: ColumnId; order: Order }) {
  const { name, longName, isNumber } = columnOf(id);
  const isOrder = order.by === id;
  return (
    <div
      role="columnheader"
      class={`c-${id}${isNumber ? ' is-number' : ''}`}
      aria-sort={isOrder ? (order.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        title={longName}
        onClick={() => setQuery({ sort: orderText(nextOrder(order, id)) }, { keep: true })}
      >
        {longName === undefined ? name : <span aria-hidden="true">{name}</span>}
        {longName !== undefined && <span class="visually-hidden">{longName}</span>}
        <span class="jobs-sort-mark" aria-hidden="true">
          {isOrder ? (order.descending ? '▾' : '▴') : null}
        </span>
      </button>
    </div>
  );
}

/** One row is reached by Tab, and from there the others by the arrow keys. */
function useRowKeys(body: { current: HTMLDivElement | null }, shown: readonly number[], height: number) {
  const [active, setActive] = useState<number | null>(null);
  const wanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    body.current?.querySelector<HTMLElement>(`[data-job="${wanted.current}"] a`)?.focus();
    wanted.current = null;
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const at = shown.indexOf(jobOf(event.target) ?? -1);
    const page = Math.max(1, Math.floor((innerHeight - 3 * height) / height));
    const to = targetOf(event.key, at, { page, last: shown.length - 1 });
    if (at === -1 || to === null) return;
    event.preventDefault();
    wanted.current = shown[to]!;
    setActive(shown[to]!);
  };
  return { active, setActive, onKeyDown };
}

function targetOf(key: string, at: number, { page, last }: { page: number; last: number }): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, last);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'PageDown':
      return Math.min(at + page, last);
    case 'PageUp':
      return Math.max(at - page, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

function jobOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest('[data-job]') : null;
  const job = row?.getAttribute('data-job');
  return job === null || job === undefined ? null : Number(job);
}
