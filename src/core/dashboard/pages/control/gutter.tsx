import type { ReadonlySignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Height of a line of the text, and of all that is in sight of it at most; as in styles/control.css. */
export const LINE_PX = 20;
const MOST_LINES = 40;

interface GutterProps {
  text: string;
  /** Pixels that the text is scrolled by. */
  scrolled: ReadonlySignal<number>;
  /** Lines with mistakes. */
  wrong: ReadonlySet<number>;
}

/** The numbers of the lines that are in sight; those with mistakes are marked. */
export function Gutter({ text, scrolled, wrong }: GutterProps) {
  const lines = useRef<HTMLDivElement>(null);
  const last = text.split('\n').length;
  const first = Math.floor(scrolled.value / LINE_PX) + 1;
  const shift = scrolled.value % LINE_PX;
  useLayoutEffect(() => {
    if (lines.current !== null) lines.current.style.transform = `translateY(${-shift}px)`;
  }, [shift]);
  const count = Math.max(0, Math.min(MOST_LINES, last - first + 1));
  return (
    <div class="gutter" aria-hidden="true">
      <div ref={lines}>
        {Array.from({ length: count }, (_, at) => first + at).map((line) => (
          <span key={line} class={wrong.has(line) ? 'wrong' : undefined}>
            {wrong.has(line) && '✕ '}
            {line}
          </span>
        ))}
      </div>
    </div>
  );
}
