/**
 * A button goes once what it is for was done, and a question with it. Whoever was there with the keyboard is led
 * to the section that it stood in, and not back to the beginning of the page.
 */
export function keepPlace(...leaving: readonly (HTMLElement | null)[]): void {
  const { activeElement } = document;
  const holder = leaving.find((element) => element?.contains(activeElement) === true);
  const place = holder?.parentElement?.closest<HTMLElement>('section, main') ?? null;
  if (place === null) return;
  // When all that goes has gone.
  queueMicrotask(() => {
    if (!place.isConnected || document.activeElement !== document.body) return;
    const target = place.querySelector<HTMLElement>('h1, h2') ?? place;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  });
}
