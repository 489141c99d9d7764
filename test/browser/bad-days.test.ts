/** The orchestrator, the token, the clock: what a page does when one of them is not as it was. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { useChromium } from './support/browser.ts';
import { startRun } from './support/run.ts';

const chromium = useChromium();
const TOKEN = 'a-token-that-is-long-enough-for-everybody';
const WAIT = { timeout: 30_000 };

/** What Chromium says when the orchestrator is away. */
const AWAY =
  /Failed to load resource|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE/u;

describe('an orchestrator that was replaced', () => {
  test('by the same version is gone on with, and by another one is said', async () => {
    const { url, stop, again, alpha } = await startRun();
    const page = await chromium.open(`${url}/`, { expectedErrors: AWAY });
    await page.getByRole('heading', { name: 'The chain' }).waitFor();
    const looked = (): Promise<unknown> =>
      page.waitForResponse(
        (answer) => answer.url() === `${url}/` && answer.request().resourceType() === 'fetch',
      );
    const same = looked();
    await stop();
    await page.getByText('Connection lost').waitFor();
    await again();
    await same;
    await page.getByText('Connection lost').waitFor({ state: 'detached' });
    expect(await page.getByText('of another version').count()).toBe(0);
    await stop();
    await page.getByText('Connection lost').waitFor();
    await page.route(`${url}/`, async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace(/index-\w+\.js/u, 'index-anotherone.js');
      await route.fulfill({ response: answer, body });
    });
    await again();
    await page.getByText('The orchestrator is of another version now').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    // It goes on, as far as it understands.
    await alpha.claim();
    await page.locator('.strip-drawing a[aria-label*="getting ready, alpha"]').waitFor();
    await page.unroute(`${url}/`);
    await page.getByRole('button', { name: 'Load anew' }).click();
    await page.getByRole('heading', { name: 'The chain' }).waitFor();
    expect(await page.getByText('of another version').count()).toBe(0);
  });

  test('by one whose answers a page does not understand costs that page alone', async () => {
    const { url } = await startRun();
    const page = await chromium.open(`${url}/`);
    await page.getByRole('heading', { name: 'The chain' }).waitFor();
    await page.route(`${url}/runs`, (route) =>
      route.fulfill({
        status: 200,
        contentType: 'application/json',
        body: '[{"run_id": {}, "verdicts": 7}]',
      }),
    );
    await page.getByRole('link', { name: 'Runs' }).click();
    await page.getByRole('alert').getByText('This page cannot show what the orchestrator told it').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.locator('.jobs-body [data-row]').first().waitFor();
  });
});

describe('a token that is taken away', () => {
  test('leads to the form for signing in, and back to the page that was open', async () => {
    const { url, scene, readerToken } = await startRun({ token: TOKEN, withReader: true });
    const page = await chromium.open(`${url}/signin?next=/jobs`, { expectedErrors: /401/u });
    await page.getByLabel('Token').fill(readerToken);
    await page.keyboard.press('Enter');
    await page.locator('.jobs-body [data-row]').first().waitFor();
    const dataDir = ['--data-dir', scene.path('orchestrator'), '--json'];
    const { stdout } = await scene.run(['tokens', 'list', ...dataDir]);
    const { tokens } = JSON.parse(stdout) as { tokens: { id: string; rights: string[] }[] };
    const reader = tokens.find(({ rights }) => rights.join() === 'read')!;
    await scene.run(['tokens', 'revoke', reader.id, ...dataDir]);
    // Whoever only looks hears of it within half a minute; who does something, at once.
    await page.getByRole('link', { name: 'Runs' }).click();
    await page.waitForURL(/\/signin\?next=%2Fruns/u);
    await page.getByLabel('Token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/runs`);
  });
});

describe('a viewer whose clock is wrong', () => {
  const HOUR = 3_600_000;

  test.each([
    ['ahead', HOUR],
    ['behind', -HOUR],
  ])('by an hour (%s) sees the same ages as everybody', async (_, wrong) => {
    const { url, alpha } = await startRun();
    await alpha.report({ hostname: 'a' });
    const held = await alpha.claim();
    await alpha.replay(held, 0.5, 100);
    const prepare = async (page: Page): Promise<void> => {
      await page.clock.install({ time: Date.now() + wrong });
    };
    const page = await chromium.open(`${url}/hosts`, { prepare });
    const heard = page.locator('.c-heard time');
    await heard.waitFor();
    expect(await heard.textContent()).toMatch(/^(?:just now|\d+ s ago)$/u);
    await page.getByRole('link', { name: 'Slice 1' }).click();
    await page.getByText('At work for').waitFor();
    expect(await page.locator('.job-now').textContent()).toMatch(/At work for\d+ s/u);
    // What is added to the plots stands at its time, and not an hour beside it.
    await page.getByRole('link', { name: 'Progress', exact: true }).click();
    const legend = page.locator('.plots .u-legend').first();
    await alpha.replay(held, 0.6, 100);
    await expect
      .poll(async () => {
        const time = /\d+ \w+, (\d+):(\d+):\d+/u.exec((await legend.textContent()) ?? '');
        const minutes = 60 * Number(time?.[1]) + Number(time?.[2]);
        const now = new Date(Date.now() + HOUR);
        // The viewer is in Berlin in winter, and around midnight the day begins anew.
        const apart = Math.abs(minutes - 60 * now.getUTCHours() - now.getUTCMinutes());
        return Math.min(apart, 1440 - apart);
      }, WAIT)
      .toBeLessThan(5);
  });

  test('sees when the connection was lost by the clock of the orchestrator', async () => {
    const { url, stop } = await startRun();
    const prepare = async (page: Page): Promise<void> => {
      await page.clock.install({ time: Date.now() + HOUR });
    };
    const page = await chromium.open(`${url}/`, { expectedErrors: AWAY, prepare });
    await page.getByRole('heading', { name: 'The chain' }).waitFor();
    await stop();
    const since = page.locator('.banner time');
    await since.waitFor();
    const at = Date.parse((await since.getAttribute('datetime')) ?? '');
    expect(Math.abs(Date.now() - at)).toBeLessThan(10 * 60_000);
  });
});
