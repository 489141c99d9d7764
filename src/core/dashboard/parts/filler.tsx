import { useLayoutEffect, useRef } from 'preact/hooks';

/** Takes up the room of the rows of a long table that are not drawn. @param height pixels */
export function Filler({ height, columns }: { height: number; columns: number }) {
  const cell = useRef<HTMLTableCellElement>(null);
  // Through the DOM: the page's policy lets no style in that stands in the markup.
  useLayoutEffect(() => {
    if (cell.current !== null) cell.current.style.height = `${height}px`;
  }, [height]);
  return (
    <tr class="filler" aria-hidden="true" hidden={height === 0}>
      <td ref={cell} colSpan={columns} />
    </tr>
  );
}
