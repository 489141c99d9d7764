import type { Page } from 'playwright-core';

/** From now on `look` says whether anybody looks at the pages of this window: headless, they are all looked at. */
export async function playTabs(page: Page): Promise<void> {
  await page.context().addInitScript(`{
    let isHidden = false;
    Object.defineProperty(document, 'hidden', { get: () => isHidden });
    Object.defineProperty(document, 'visibilityState', { get: () => (isHidden ? 'hidden' : 'visible') });
    globalThis.look = (isLookedAt) => {
      isHidden = !isLookedAt;
      document.dispatchEvent(new Event('visibilitychange'));
    };
  }`);
}

/** Somebody looks at the page, or at another one. */
export async function look(page: Page, isLookedAt: boolean): Promise<void> {
  await page.evaluate(`look(${isLookedAt})`);
}
