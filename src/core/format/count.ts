/** 349798134 → `349,798,134`; a fraction is rounded. The same in every locale, so that reports can be compared. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/gu, ',');
}
