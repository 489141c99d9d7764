import type { ComponentChildren } from 'preact';

/** One figure, and what there is to say of it. */
export function Tile({
  name,
  value,
  children,
}: {
  name: string;
  value: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <dl class="tile">
      <dt>{name}</dt>
      <dd class="tile-value">{value}</dd>
      <dd class="tile-more">{children}</dd>
    </dl>
  );
}
