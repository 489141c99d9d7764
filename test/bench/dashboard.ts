/**
 * Measures the dashboard of the built file in Chromium: `node test/bench/dashboard.ts`. How long it takes
 * from a click on its address until every slice is drawn and can be clicked, and how much is sent for that.
 * Nothing is asserted: the numbers are for docs/performance.md.
 */
import { chromium } from 'playwright-core';
import { playNight } from '../browser/support/night.ts';

const TIMES = 5;

const browser = await chromium.launch({
  executablePath: process.env['REPLAY_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
try {
  for (const slices of [1000, 10_000]) {
    const night = await playNight({ slices });
    const results = [];
    for (let time = 0; time < TIMES; time += 1) results.push(await measure(night.url));
    results.sort((a, b) => a.usableMs - b.usableMs);
    const { usableMs = 0, bytes = 0 } = results[Math.floor(TIMES / 2)] ?? {};
    process.stdout.write(
      `${slices} jobs: usable after ${usableMs.toFixed(0)} ms (median of ${TIMES}), ${(bytes / 1000).toFixed(0)} KB sent\n`,
    );
    await night.end();
  }
} finally {
  await browser.close();
}

/** With nothing in the browser's cache. */
async function measure(url: string): Promise<{ usableMs: number; bytes: number }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send('Network.enable');
  let bytes = 0;
  client.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  // Told by the page itself: each question of ours takes its time too.
  await page.addInitScript(`
    new MutationObserver((_, observer) => {
      if (document.querySelector('.strip-drawing a') === null) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => { globalThis.usableAt = performance.now(); }));
    }).observe(document, { childList: true, subtree: true });
  `);
  await page.goto(url);
  await page.locator('.plots canvas').nth(1).waitFor();
  const usableMs = await page.evaluate<number>('globalThis.usableAt');
  await context.close();
  return { usableMs, bytes };
}
