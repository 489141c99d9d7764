import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatCount } from '../../../format/count.ts';
import type { HostRow } from '../../../protocol/host-record.ts';
import { Filler } from '../../parts/filler.tsx';
import { useRowsInSight } from '../../parts/rows-in-sight.ts';
import { SortHead, sortOf } from '../../parts/sort-head.tsx';
import { query } from '../../routing/router.ts';
import { chosenState } from './choice.tsx';
import { HostDetails } from './details.tsx';
import { HOST_ORDERS, hostsInView, type HostOrder } from './order.ts';
import { HostLine } from './row.tsx';

const COLUMNS: readonly [order: HostOrder, title: string, number?: 'number'][] = [
  ['host', 'Host'],
  ['state', 'State'],
  ['job', 'Slice'],
  ['rate', 'Blocks/s', 'number'],
  ['disk', 'Disk'],
  ['memory', 'Memory'],
  ['load', 'Load', 'number'],
  ['heard', 'Last heard'],
  ['cost', 'Cost', 'number'],
  ['failed', 'Attempts'],
];

/** All hosts that are chosen; the one that the address names stands open. */
export function HostTable({ hosts }: { hosts: readonly HostRow[] }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const details = useRef<HTMLTableRowElement>(null);
  const [height, setHeight] = useState(0);
  const sort = sortOf(HOST_ORDERS, 'host');
  const [state, text] = [chosenState(), query.value.get('text') ?? ''];
  // Not with every step that the page is scrolled.
  const names = useMemo(
    () => hostsInView(hosts, { state, text, sort }),
    [hosts, state, text, sort.name, sort.backwards],
  );
  const openName = query.value.get('open');
  const openAt = openName === null ? -1 : names.indexOf(openName);
  const sight = useRowsInSight(body, names.length, openAt === -1 ? null : { at: openAt, height });

  useLayoutEffect(() => {
    const { current } = details;
    if (current === null) return undefined;
    const observer = new ResizeObserver(() => setHeight(current.offsetHeight));
    observer.observe(current);
    return () => observer.disconnect();
  }, [openName, openAt === -1]);
  useScrollTo(body, openAt);

  if (hosts.length === 0) return <p class="empty">No host was heard from yet.</p>;
  if (names.length === 0) return <p class="empty">No host is like that.</p>;
  return (
    <>
      {openName !== null && openAt === -1 && <p role="status">Host {openName} is not among these.</p>}
      <table class="long hosts" aria-rowcount={names.length + 1}>
        <caption class="visually-hidden">Hosts, {formatCount(names.length)} of them</caption>
        <thead>
          <tr aria-rowindex={1}>
            {COLUMNS.map(([name, title, number]) => (
              <SortHead key={name} name={name} title={title} sorted={sort} look={number ?? ''} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          <Filler height={sight.before} columns={COLUMNS.length} />
          {names.slice(sight.first, sight.last).flatMap((workerId, at) => {
            const isOpen = workerId === openName;
            const line = (
              <HostLine key={workerId} workerId={workerId} index={sight.first + at + 2} isOpen={isOpen} />
            );
            if (!isOpen) return [line];
            return [
              line,
              <tr key="open" ref={details} class="details">
                <td colSpan={COLUMNS.length} id="host-details">
                  <HostDetails workerId={workerId} />
                </td>
              </tr>,
            ];
          })}
          <Filler height={sight.after} columns={COLUMNS.length} />
        </tbody>
      </table>
    </>
  );
}

/** Whoever comes by the address of a host finds it in sight. */
function useScrollTo(body: { current: HTMLElement | null }, at: number): void {
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current || body.current === null) return;
    isFirst.current = false;
    if (at < 0) return;
    const height = body.current.querySelector<HTMLElement>('[data-row]')?.offsetHeight ?? 0;
    const top = body.current.getBoundingClientRect().top + scrollY + at * height;
    if (top > scrollY + innerHeight * 0.7) scrollTo(0, top - innerHeight / 3);
  });
}
