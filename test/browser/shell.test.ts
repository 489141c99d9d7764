import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { useChromium } from './support/browser.ts';
import { equalSlices } from './support/player.ts';
import { startRun } from './support/run.ts';
import { look, playTabs } from './support/tabs.ts';

const chromium = useChromium();
const TOKEN = 'a-token-that-is-long-enough-for-everybody';

/** As long as for everything else on a page. */
const WAIT = { timeout: 30_000 };

/** What Chromium says when the orchestrator is away. */
const AWAY =
  /Failed to load resource|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE/u;

describe('a lost connection', () => {
  test('is shown, heals by itself, and what was missed is there', async () => {
    const { url, alpha, stop, again } = await startRun();
    const page = await chromium.open(`${url}/`, { expectedErrors: AWAY });
    await page.locator('.strip-drawing a').first().waitFor();
    await stop('SIGKILL');
    await page.getByText('Connection lost').waitFor();
    // What was known stays.
    expect(await page.locator('.strip-drawing a').count()).toBe(5);
    await again();
    await alpha.claim();
    await page.getByText('Connection lost').waitFor({ state: 'detached' });
    await page.locator('.strip-drawing a[aria-label*="getting ready, alpha"]').waitFor();
  });

  test('is tried again at once when the viewer asks', async () => {
    const { url, stop, again } = await startRun();
    // What the page would do by itself comes much later: the least of its pauses is a quarter of a second.
    const prepare = async (page: Page): Promise<void> => {
      await page.addInitScript(`{
        const soon = globalThis.setTimeout;
        globalThis.setTimeout = (call, ms, ...rest) => soon(call, ms >= 250 ? 1000 * ms : ms, ...rest);
      }`);
    };
    const page = await chromium.open(`${url}/`, { expectedErrors: AWAY, prepare });
    await page.locator('.strip-drawing a').first().waitFor();
    await stop();
    await page.getByText('Connection lost').waitFor();
    await again();
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('Connection lost').waitFor({ state: 'detached' });
  });
});

describe('a tab that nobody looks at', () => {
  test('gives its connection back: more of them are open than a browser has connections', async () => {
    const { url, alpha } = await startRun();
    const first = await chromium.open(`${url}/`, { prepare: playTabs });
    const strip = (page: Page) => page.locator('.strip-drawing a');
    await strip(first).first().waitFor();
    let last = first;
    for (let tabs = 1; tabs < 8; tabs += 1) {
      await look(last, false);
      last = await first.context().newPage();
      await last.goto(`${url}/`);
      await strip(last).first().waitFor();
    }
    await alpha.claim();
    await last.locator('.strip-drawing a[aria-label*="getting ready, alpha"]').waitFor();
    // The first does not know of it until it is looked at.
    expect(await first.locator('.strip-drawing a[aria-label*="alpha"]').count()).toBe(0);
    await look(last, false);
    await look(first, true);
    await first.locator('.strip-drawing a[aria-label*="getting ready, alpha"]').waitFor();
    expect(await first.getByText('Connection lost').count()).toBe(0);
  });

  test('that was opened in the background is there once it is looked at', async () => {
    const { url } = await startRun();
    const page = await chromium.open(`${url}/jobs/2`, {
      prepare: async (page) => {
        await playTabs(page);
        await page.addInitScript('look(false)');
      },
    });
    await expect.poll(() => page.title(), WAIT).toMatch(/^0 %/u);
    expect(await page.getByRole('heading', { name: 'Slice 2' }).count()).toBe(0);
    await look(page, true);
    await page.getByRole('heading', { name: 'Slice 2' }).waitFor();
  });

  test('still tells in its title how the run stands', async () => {
    const { url, alpha } = await startRun();
    const prepare = async (page: Page): Promise<void> => {
      await playTabs(page);
      await page.clock.install();
    };
    const page = await chromium.open(`${url}/`, { prepare });
    await page.getByRole('heading', { name: 'The chain' }).waitFor();
    await look(page, false);
    await alpha.fail(await alpha.claim(), 'download', '404');
    expect(await page.title()).not.toContain('failed');
    await page.clock.runFor(60_000);
    await expect.poll(() => page.title(), WAIT).toContain('1 failed');
  });

  test('hears of a restart that it has slept through', async () => {
    const { url, alpha, stop, again } = await startRun();
    const page = await chromium.open(`${url}/jobs/1`, { prepare: playTabs, expectedErrors: AWAY });
    await page.getByRole('heading', { name: 'Slice 1' }).waitFor();
    await look(page, false);
    await alpha.fail(await alpha.claim(), 'download', 'the snapshot is gone');
    await stop();
    await again();
    await look(page, true);
    await page.getByText('the snapshot is gone').first().waitFor();
  });
});

describe('signing in', () => {
  test('leads back to the page that was wanted, and out again', async () => {
    const { url } = await startRun({ token: TOKEN });
    const page = await chromium.open(`${url}/jobs?state=failed`);
    await page.getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${url}/jobs?state=failed`);
    await page.getByText('RUNNING').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${url}/signin`);
    await page.goto(`${url}/`);
    await page.getByLabel('Token').waitFor();
  });

  test('without a page that was wanted leads to the progress', async () => {
    const { url } = await startRun({ token: TOKEN });
    const page = await chromium.open(`${url}/signin`);
    await page.getByLabel('Token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/`);
    await page.getByRole('heading', { name: 'The chain' }).waitFor();
  });

  test('with a token that may only read shows no action, and the orchestrator refuses it', async () => {
    const { url, alpha, readerToken } = await startRun({ token: TOKEN, withReader: true });
    await alpha.fail(await alpha.claim(), 'download', '404');
    const page = await chromium.open(`${url}/signin?next=/`, { expectedErrors: /403/u });
    await page.getByLabel('Token').fill(readerToken);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: '1 failed job' }).waitFor();
    expect(await page.getByRole('button', { name: 'Retry all' }).count()).toBe(0);
    const refused = await page.evaluate(`fetch('/job?jobid=1', {
      method: 'POST', headers: { 'If-Match': '*' }, body: '{"status": "WAITING_4_WORKER"}',
    }).then(({ status }) => status)`);
    expect(refused).toBe(403);
  });
});

describe('the form for signing in', () => {
  test.each(['light', 'dark'] as const)('has nothing that axe finds in the %s theme', async (colorScheme) => {
    const { url } = await startRun({ token: TOKEN });
    const page = await chromium.open(`${url}/`, { colorScheme, expectedErrors: /401/u });
    await page.getByLabel('Token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('The token is not valid.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe('the pages', () => {
  test('follow the chosen theme, also after they were loaded anew', async () => {
    const { url } = await startRun();
    const page = await chromium.open(`${url}/`, { colorScheme: 'light' });
    const theme = (): Promise<string> => page.evaluate('document.documentElement.dataset.theme');
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.getByRole('combobox', { name: 'Colours' }).selectOption('dark');
    expect([await theme(), (await ground()) === light]).toEqual(['dark', false]);
    await page.reload();
    await page.getByRole('heading', { name: 'The chain' }).waitFor();
    expect(await theme()).toBe('dark');
  });

  test.each(['/nothing', '/runs/12/34'])('say when there is none at %s, and lead back', async (path) => {
    const { url } = await startRun();
    const page = await chromium.open(url + path, { expectedErrors: /404/u });
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Progress of the run' }).click();
    await page.waitForURL(`${url}/`);
  });

  test.each([
    ['/summary', '/'],
    ['/status', '/jobs'],
    ['/job?jobid=2', '/jobs/2'],
    ['/status?sliceid=3', '/jobs/3'],
    ['/config?sliceid=3', '/jobs/3'],
  ])('are what a browser is led to at %s', async (from, to) => {
    const { url } = await startRun();
    const page = await chromium.open(url + from);
    await page.waitForURL(url + to);
  });

  test('can be used with the keyboard alone: the first link skips to the content', async () => {
    const { url } = await startRun();
    const page = await chromium.open(`${url}/`);
    await page.getByRole('heading', { name: 'The chain' }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'Skip to the content' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('main:focus').waitFor();
  });

  test.each(['light', 'dark'] as const)(
    'show a lost connection so that axe finds nothing: %s',
    async (colorScheme) => {
      const { url, stop } = await startRun();
      const page = await chromium.open(`${url}/`, { colorScheme, expectedErrors: AWAY });
      await page.getByRole('heading', { name: 'The chain' }).waitFor();
      await stop();
      await page.getByText('Connection lost').waitFor();
      expect(await axeFindings(page)).toEqual([]);
    },
  );

  test('are sent in less than 300 KB with a run of 1,000 jobs', async () => {
    const { url } = await startRun({ blocks: equalSlices(1000) });
    let bytes = 0;
    const page = await chromium.open(`${url}/`, {
      prepare: async (page) => {
        const client = await page.context().newCDPSession(page);
        await client.send('Network.enable');
        client.on('Network.loadingFinished', ({ encodedDataLength }) => {
          bytes += encodedDataLength;
        });
      },
    });
    await page.locator('.plots canvas').nth(1).waitFor();
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(300_000);
  });
});
