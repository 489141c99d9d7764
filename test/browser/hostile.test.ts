/** Whatever hosts say of themselves and of their failures: pages show it as text, where it belongs, and no wider. */
import { describe, expect, test } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { useChromium } from './support/browser.ts';
import { equalSlices, Player } from './support/player.ts';
import { startRun } from './support/run.ts';

const chromium = useChromium();

/** Turns the direction of what follows, has markup, one word longer than any screen, and many lines. */
const NASTY = `\u202Egnp.exe\u2066 <img src=x onerror=alert(1)> שלום ${'long'.repeat(300)}\n${'line\n'.repeat(200)}`;
const LONG_NAME = `"><b>${'a-name-that-goes-on-'.repeat(9)}`;

async function nastyRun(): Promise<string> {
  const { url, alpha } = await startRun({ blocks: equalSlices(6), slice: { spring_version: `v1.2.2` } });
  const host = new Player(url, LONG_NAME);
  await host.report({
    hostname: NASTY.slice(0, 200),
    instance_id: NASTY.slice(0, 200),
    version: NASTY.slice(0, 60),
    os: NASTY.slice(0, 60),
    arch: '<script>',
    cpus: 4096,
    load: 4095.5,
    disk_total: 2 ** 52,
    disk_free: 2 ** 20,
    memory_total: 2 ** 52,
    memory_free: 2 ** 20,
  });
  // Three in a row set it aside.
  for (let times = 0; times < 3; times += 1) await host.fail(await host.claim(), 'nodeos-crash', NASTY);
  await alpha.replay(await alpha.claim(), 0.5, 987_654_321);
  await fetch(`${url}/run/pause`, { method: 'POST', body: JSON.stringify({ reason: NASTY.slice(0, 480) }) });
  return url;
}

describe.each([
  ['wide', 1280],
  ['narrow', 390],
])('on a %s screen', (_, width) => {
  test('hostile texts are texts, and nothing is wider than the screen', async () => {
    const url = await nastyRun();
    const page = await chromium.open(`${url}/`, { viewport: { width, height: 900 } });
    const pages = [
      ['/', '.failures li'],
      ['/jobs', '.jobs-body [data-row]'],
      ['/jobs/1', '.configuration'],
      [`/hosts?open=${encodeURIComponent(LONG_NAME)}`, '.host-details .facts'],
      ['/runs', 'main tbody tr'],
      ['/control', '.check-result .tone-good'],
    ] as const;
    for (const [path, ready] of pages) {
      await page.goto(url + path);
      await page.locator(ready).first().waitFor();
      const seen = await page.evaluate<object>(`({
        turned: /[\\u202a-\\u202e\\u2066-\\u2069]/u.test(document.body.innerText),
        markup: document.querySelectorAll('main img, main script').length,
        over: document.documentElement.scrollWidth - innerWidth,
      })`);
      expect([path, seen]).toEqual([path, { turned: false, markup: 0, over: 0 }]);
      expect([path, await axeFindings(page)]).toEqual([path, []]);
    }
  });
});

test('a message that is longer than the screen is scrolled by keyboard, and the rest of the page stays in reach', async () => {
  const url = await nastyRun();
  const page = await chromium.open(`${url}/jobs/1`);
  const message = page.locator('.job-problem .long-text');
  await message.waitFor();
  expect((await message.boundingBox())!.height).toBeLessThan(400);
  await message.focus();
  await page.keyboard.press('End');
  const top = (): Promise<number> => page.evaluate(`document.querySelector('.long-text').scrollTop`);
  await expect.poll(top, { timeout: 30_000 }).toBeGreaterThan(100);
});
