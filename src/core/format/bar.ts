/** A bar of `width` cells for a fraction between 0 and 1: `[######------]`. Full only when it is done. */
export function formatBar(fraction: number, width = 24): string {
  const filled = Math.floor(clamp(fraction) * width);
  return `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}]`;
}

/** `62 %`; never 100 before it is done. */
export function formatPercent(fraction: number): string {
  return `${Math.floor(clamp(fraction) * 100)} %`;
}

function clamp(fraction: number): number {
  return Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0;
}
