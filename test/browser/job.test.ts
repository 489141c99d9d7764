import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { useChromium } from './support/browser.ts';
import { hashOf, Player } from './support/player.ts';
import { startRun } from './support/run.ts';

const chromium = useChromium();
const TOKEN = 'a-token-that-is-long-enough-for-everybody';
/** What Chromium says when the orchestrator is away. */
const AWAY =
  /Failed to load resource|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE/u;
const EVIL = '<img src=x onerror=alert(1)>';

const part = (page: Page, name: string) => page.getByRole('region', { name });
const state = (page: Page) => page.locator('.job-now');
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}`);

describe('the page of a job', () => {
  test('follows it from its claim to its end, with its log', async () => {
    const { url, alpha } = await startRun();
    const page = await chromium.open(`${url}/jobs/1`);
    await state(page).getByText('waiting').waitFor();
    expect(await page.title()).toContain('Job 1');
    const held = await alpha.claim();
    await state(page).getByText('started').waitFor();
    await alpha.load(held);
    await state(page).getByText('loading snapshot').waitFor();
    await alpha.replay(held, 0.25, 120);
    await state(page).getByText('25 %').waitFor();
    await state(page).getByText('120 blocks/s').waitFor();
    const log = page.getByRole('log');
    await page.getByText('No line yet.').waitFor();
    await alpha.log(held, 1, numbered(2));
    await log.getByText('line 2').waitFor();
    await alpha.log(held, 1, numbered(300));
    await log.getByText('line 300').waitFor();
    expect((await log.innerText()).match(/^line \d+$/gmu)).toEqual(numbered(300));
    await alpha.complete(held);
    await page.getByText('The attempt is over.').waitFor();
    await part(page, 'The state at block 1,000').getByText('= the same.').waitFor();
    await part(page, 'One attempt').getByText('replaying 1 h 00 min').waitFor();
  });

  test('plots how fast the attempt was before the page was opened, and goes on with it', async () => {
    const { url, alpha } = await startRun();
    const held = await alpha.claim();
    await alpha.replay(held, 0.1, 100);
    const prepare = async (page: Page): Promise<void> => {
      // Three points take three seconds: those before the last one are made up.
      await page.route(`${url}/job/rates?jobid=1`, async (route) => {
        const response = await route.fetch();
        const rates = (await response.json()) as { times: number[]; blocks_per_second: number[] };
        const [time = 0] = rates.times;
        await route.fulfill({
          json: { ...rates, times: [time - 61, time - 31, time - 1], blocks_per_second: [70, 80, 100] },
        });
      });
    };
    const page = await chromium.open(`${url}/jobs/1`, { prepare });
    const plot = page.locator('.rate-plot');
    await plot.getByText('Now 100 blocks/s.').waitFor({ state: 'attached' });
    // The orchestrator was there before the attempt: there is nothing that it would not know.
    expect(await plot.getByText('what was before').count()).toBe(0);
    await alpha.replay(held, 0.4, 140);
    await plot.getByText('Now 140 blocks/s.').waitFor({ state: 'attached' });
    expect(await axeFindings(page)).toEqual([]);
  });

  test('leaves whoever has scrolled up in the log where they are', async () => {
    const { url, alpha } = await startRun();
    const held = await alpha.claim();
    await alpha.log(held, 1, numbered(100));
    const page = await chromium.open(`${url}/jobs/1`);
    const log = page.getByRole('log');
    await log.getByText('line 100').waitFor();
    const top = () => log.evaluate((element) => (element as unknown as { scrollTop: number }).scrollTop);
    await expect.poll(top).toBeGreaterThan(500);
    await log.hover();
    await page.mouse.wheel(0, -5000);
    await expect.poll(top).toBe(0);
    await alpha.log(held, 1, numbered(120));
    await log.getByText('line 120').waitFor();
    expect(await top()).toBe(0);
  });

  test('goes on with the log after the orchestrator was away, no line twice', async () => {
    const { url, alpha, stop, again } = await startRun();
    const held = await alpha.claim();
    await alpha.log(held, 1, numbered(3));
    const page = await chromium.open(`${url}/jobs/1`, { expectedErrors: AWAY });
    const log = page.getByRole('log');
    await log.getByText('line 3').waitFor();
    await stop('SIGKILL');
    await page.getByText('The connection is lost. Trying again.').waitFor();
    await again();
    await alpha.log(held, 1, numbered(6));
    await log.getByText('line 6').waitFor();
    expect((await log.innerText()).match(/^line \d+$/gmu)).toEqual(numbered(6));
  });

  test('says where the expected hash comes from, and copies it', async () => {
    const { url, alpha } = await startRun();
    const beta = new Player(url, 'beta');
    const held = await alpha.claim();
    await alpha.complete(held, hashOf('something else'));
    const page = await chromium.open(`${url}/jobs/1`, { permissions: ['clipboard-read', 'clipboard-write'] });
    const hashes = part(page, 'The state at block 1,000');
    await hashes.getByText('≠ different.').waitFor();
    await hashes.getByText('The snapshot at this block has not been loaded yet.').waitFor();
    const next = await beta.claim();
    await beta.replay(next, 0.1, 10);
    await hashes.getByText('beta for slice 2 loaded the snapshot at this block').waitFor();
    await hashes.getByRole('button', { name: 'Copy the expected hash' }).click();
    await page.getByText('Copied.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(hashOf('state at 1000'));
  });

  test('selects what the browser does not let it copy', async () => {
    const { url } = await startRun();
    const page = await chromium.open(`${url}/jobs/1`);
    await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("not here"))');
    await page.getByRole('button', { name: 'Copy the expected hash' }).click();
    await page.getByText('It is selected').waitFor();
    expect(await page.evaluate('getSelection().toString()')).toBe(hashOf('state at 1000'));
  });

  test('has every attempt, with its log on demand and what came late', async () => {
    const { url, alpha } = await startRun({ blocks: [1000] });
    const first = await alpha.claim();
    await alpha.log(first, 1, ['of the first attempt']);
    await alpha.fail(first, 'nodeos-crash', 'nodeos ended by signal SIGSEGV');
    const page = await chromium.open(`${url}/jobs/1`);
    const log = page.getByRole('log');
    await log.getByText('of the first attempt').waitFor();
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Run again' }).click();
    await state(page).getByText('waiting').waitFor();
    const beta = new Player(url, 'beta');
    const second = await beta.claim();
    await beta.log(second, 2, ['of the second attempt']);
    await log.getByText('of the second attempt').waitFor();
    await page.getByRole('combobox', { name: 'Attempt' }).selectOption('1');
    await log.getByText('of the first attempt').waitFor();
    const attempts = part(page, '2 attempts').getByRole('listitem');
    await attempts.getByText('nodeos ended by signal SIGSEGV').waitFor();
    await page.getByRole('button', { name: 'Take away…' }).click();
    await page.getByRole('button', { name: 'Take it away' }).click();
    await attempts.getByText('given back').waitFor();
    await expect(beta.complete(second)).rejects.toThrow('412');
    await page.reload();
    await attempts.getByText('its host still told: complete').waitFor();
  });

  test('leads to its neighbours and its host, and offers its evidence', async () => {
    const { url, alpha } = await startRun();
    await alpha.fail(await alpha.claim(), 'nodeos-crash', 'x');
    const page = await chromium.open(`${url}/jobs/1`);
    await page.getByRole('link', { name: 'Slice 2' }).click();
    await page.getByRole('heading', { name: 'Slice 2' }).waitFor();
    await page.getByRole('link', { name: 'Slice 1' }).click();
    await page.getByRole('heading', { name: 'Slice 1' }).waitFor();
    expect(await state(page).getByRole('link', { name: 'alpha' }).getAttribute('href')).toBe('/hosts/alpha');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Evidence of attempt 1' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.tar\.zst$/u);
  });

  test.each(['999', 'abc', '0'])('says that there is no job %s', async (id) => {
    const { url } = await startRun();
    const page = await chromium.open(`${url}/jobs/${id}`, { expectedErrors: /404/u });
    await page.getByRole('heading', { name: `The run has no job ${id}` }).waitFor();
    await page.getByRole('link', { name: 'All jobs of this run' }).click();
    await page.getByRole('table', { name: 'Jobs' }).waitFor();
  });

  test('shows text from the network as text', async () => {
    const { url } = await startRun();
    const evil = new Player(url, EVIL);
    const held = await evil.claim();
    await evil.log(held, 1, [EVIL, '<script>alert(2)</script>']);
    await evil.fail(held, 'nodeos-crash', EVIL);
    const page = await chromium.open(`${url}/jobs/1`);
    await page.getByRole('log').getByText(EVIL).waitFor();
    await part(page, 'Why it failed').getByText(EVIL).waitFor();
    await state(page).getByRole('link', { name: EVIL }).waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
  });
});

describe('actions on a job', () => {
  test('are asked for and done with the keyboard alone: another run', async () => {
    const { url, alpha } = await startRun();
    await alpha.fail(await alpha.claim(), 'nodeos-crash', 'nodeos ended by signal SIGSEGV');
    const page = await chromium.open(`${url}/jobs/1`);
    await page.getByRole('button', { name: 'Run again' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Run slice 1 again?' });
    await dialog.getByText('Job 1 is at its end: error.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await state(page).getByText('error').waitFor();
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Job 1 was ERROR, and waits for a host now.').waitFor();
    await state(page).getByText('waiting').waitFor();
    expect(await page.getByRole('button', { name: 'Run again' }).count()).toBe(0);
  });

  test('are asked for and done with the keyboard alone: the end of an attempt', async () => {
    const { url, alpha } = await startRun();
    await alpha.replay(await alpha.claim(), 0.4, 10);
    const page = await chromium.open(`${url}/jobs/1`);
    await page.getByRole('button', { name: 'Cancel…' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'End slice 1 for good?' });
    await dialog.getByText('alpha is at attempt 1, 40 % done.').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('was taken from alpha and ended for good').waitFor();
    await state(page).getByText('error').waitFor();
    await page.getByText('A person cancelled it (Cancel on the dashboard).').first().waitFor();
    // The button is gone; whoever goes on by keyboard is where it was.
    await page.getByRole('heading', { name: 'Slice 1' }).and(page.locator(':focus')).waitFor();
  });

  test('take a job from its host, although that reports its progress meanwhile', async () => {
    const { url, alpha } = await startRun();
    const held = await alpha.claim();
    await alpha.replay(held, 0.4, 10);
    const page = await chromium.open(`${url}/jobs/1`);
    await page.getByRole('button', { name: 'Take away…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Take slice 1 from alpha?' });
    await alpha.replay(held, 0.6, 10);
    await state(page).getByText('60 %').waitFor();
    // What somebody reads does not change under their eyes.
    await dialog.getByText('40 % done').waitFor();
    await dialog.getByRole('button', { name: 'Take it away' }).click();
    await page.getByText('was taken from alpha, and waits for a host now').waitFor();
  });

  test('are done to nothing but what was seen', async () => {
    const { url, alpha } = await startRun();
    const held = await alpha.claim();
    await alpha.replay(held, 0.4, 10);
    const page = await chromium.open(`${url}/jobs/1`);
    await page.getByRole('button', { name: 'Take away…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Take slice 1 from alpha?' });
    await dialog.waitFor();
    await alpha.complete(held);
    await page.locator('.job-head').getByText('verified').waitFor();
    await dialog.getByRole('button', { name: 'Take it away' }).click();
    await dialog.getByRole('alert').getByText('came to its end meanwhile: COMPLETE').waitFor();
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    await page.getByRole('button', { name: 'Run again' }).waitFor();
  });

  test('are not shown to whoever may only read, and refused', async () => {
    const { url, alpha, readerToken } = await startRun({ token: TOKEN, withReader: true });
    await alpha.replay(await alpha.claim(), 0.4, 10);
    const page = await chromium.open(`${url}/signin?next=/jobs/1`, { expectedErrors: /403/u });
    await page.getByLabel('Token').fill(readerToken);
    await page.keyboard.press('Enter');
    await state(page).getByText('40 %').waitFor();
    expect(await page.locator('main').getByRole('button').allInnerTexts()).toEqual(['Copy']);
    const refused = await page.evaluate(`Promise.all(['WAITING_4_WORKER', 'ERROR'].map(async (status) => {
      const { headers } = await fetch('/job?jobid=1');
      const answer = await fetch('/job?jobid=1', {
        method: 'POST', headers: { 'If-Match': headers.get('etag') }, body: JSON.stringify({ status }),
      });
      return answer.status;
    }))`);
    expect(refused).toEqual([403, 403]);
  });
});

describe('the page of a job for everybody', () => {
  test.each(['light', 'dark'] as const)('has nothing that axe finds in the %s theme', async (colorScheme) => {
    const { url, alpha } = await startRun();
    const beta = new Player(url, 'beta');
    await alpha.complete(await alpha.claim(), hashOf('something else'));
    const held = await beta.claim();
    await beta.replay(held, 0.4, 10);
    await beta.log(held, 1, numbered(80));
    for (const [id, ready] of [
      ['1', '≠ different.'],
      ['2', 'line 80'],
    ] as const) {
      const page = await chromium.open(`${url}/jobs/${id}`, { colorScheme });
      await page.getByText(ready).waitFor();
      expect(await axeFindings(page)).toEqual([]);
    }
  });

  test('fits a narrow screen', async () => {
    const { url, alpha } = await startRun();
    await alpha.complete(await alpha.claim(), hashOf('something else'));
    const page = await chromium.open(`${url}/jobs/1`, { viewport: { width: 360, height: 740 } });
    await page.getByText('≠ different.').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await axeFindings(page)).toEqual([]);
  });
});
