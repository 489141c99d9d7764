import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** Rows that are drawn above and below those in sight, so that scrolling finds them there. */
const MARGIN = 10;
/** Rows that the page is scrolled by before others are drawn. */
const STEP = 4;

export interface RowsInSight {
  /** The rows to draw: from the first, up to and without the last. */
  first: number;
  last: number;
  /** Pixels that all rows before and after them take up. */
  before: number;
  after: number;
  /** Of one row, in pixels. */
  height: number;
}

interface Open {
  /** Which row something stands below, and how high that is. */
  at: number;
  height: number;
}

/**
 * Which rows of a long table need to be drawn; the page scrolls, and not the table. All rows are of one
 * height, which is that of the first one that is drawn; below one of them something higher may stand.
 * @param body what holds the rows, each of which has the attribute `data-row`
 */
export function useRowsInSight(
  body: RefObject<HTMLElement | null>,
  count: number,
  open: Open | null = null,
): RowsInSight {
  const [sight, setSight] = useState({ height: 40, top: 0, screen: 800 });
  useLayoutEffect(() => {
    const look = (): void => {
      const { current } = body;
      if (current === null) return;
      const height = current.querySelector<HTMLElement>('[data-row]')?.offsetHeight || 40;
      const top = Math.max(0, -current.getBoundingClientRect().top);
      const next = { height, top: Math.floor(top / (height * STEP)) * height * STEP, screen: innerHeight };
      setSight((old) =>
        old.height === next.height && old.top === next.top && old.screen === next.screen ? old : next,
      );
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [body, count]);
  return rowsIn(sight, count, open);
}

function rowsIn(
  { height, top, screen }: { height: number; top: number; screen: number },
  count: number,
  open: Open | null,
): RowsInSight {
  const opened = open?.height ?? 0;
  // What stands open between the rows is passed over: then a few rows too many are drawn.
  const first = clamp(Math.floor((top - opened) / height) - MARGIN, count);
  const last = clamp(Math.ceil((top + screen) / height) + STEP + MARGIN, count);
  const above = open !== null && open.at < first ? opened : 0;
  const below = open !== null && open.at >= last ? opened : 0;
  return { first, last, before: first * height + above, after: (count - last) * height + below, height };
}

function clamp(at: number, count: number): number {
  return Math.min(Math.max(at, 0), count);
}
