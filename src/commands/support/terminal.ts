/** What stdout can show. */
export interface Terminal {
  /** Characters of a line; null: no terminal, or one that does not say. */
  width: number | null;
  colour: boolean;
}

interface Output {
  isTTY?: boolean;
  columns?: number;
}

/**
 * Colours are for terminals alone, and for those who want them: not with --no-color, not with NO_COLOR
 * (https://no-color.org: any value but the empty one), and not where TERM is `dumb`.
 */
export function terminalOf(
  { isTTY, columns }: Output,
  environment: Readonly<Record<string, string | undefined>>,
  noColour: boolean,
): Terminal {
  if (isTTY !== true) return { width: null, colour: false };
  const colour = !noColour && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  return { width: columns !== undefined && columns > 0 ? columns : null, colour };
}
