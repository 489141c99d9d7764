import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface Rows {
  /** Index of the first one, and of the one after the last. */
  first: number;
  end: number;
}

/** Rows are made this many at a time, so that not every step of scrolling makes some. */
const STEP = 8;
/** Beyond the edges of the window, so that there is something at once where one scrolls to. */
const BEYOND = 16;

/**
 * Which rows of a long list are in sight, when the whole page is scrolled and all rows are equally high.
 * @param body the element that is as high as all rows together
 * @param height of a row, in pixels
 */
export function useVisibleRows(body: RefObject<HTMLElement | null>, count: number, height: number): Rows {
  const [rows, setRows] = useState<Rows>({ first: 0, end: Math.min(count, 60) });
  const measure = useRef((): void => {});
  measure.current = () => {
    if (body.current === null) return;
    const next = inSight(-body.current.getBoundingClientRect().top, innerHeight, { count, height });
    setRows((rows) => (rows.first === next.first && rows.end === next.end ? rows : next));
  };
  // What stands above the list may have become higher.
  useLayoutEffect(() => measure.current());
  useLayoutEffect(() => {
    const follow = (): void => measure.current();
    addEventListener('scroll', follow, { passive: true });
    addEventListener('resize', follow);
    return () => {
      removeEventListener('scroll', follow);
      removeEventListener('resize', follow);
    };
  }, []);
  return { first: Math.min(rows.first, count), end: Math.min(rows.end, count) };
}

function inSight(
  top: number,
  windowHeight: number,
  { count, height }: { count: number; height: number },
): Rows {
  const first = Math.floor(top / height) - BEYOND;
  const end = Math.ceil((top + windowHeight) / height) + BEYOND;
  return {
    first: Math.min(count, Math.max(0, Math.floor(first / STEP) * STEP)),
    end: Math.min(count, Math.max(0, Math.ceil(end / STEP) * STEP)),
  };
}
