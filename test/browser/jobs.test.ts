import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { useChromium } from './support/browser.ts';
import { equalSlices, hashOf, Player } from './support/player.ts';
import { startRun } from './support/run.ts';

const chromium = useChromium();
const NARROW = { viewport: { width: 360, height: 740 } };

/** Slice 1 verified, 2 a mismatch, 3 crashed, 4 replayed by alpha, 5 by beta; the others wait. */
async function startMixedRun() {
  const run = await startRun({ blocks: equalSlices(12) });
  const { alpha, url } = run;
  const beta = new Player(url, 'beta');
  await alpha.complete(await alpha.claim());
  await beta.complete(await beta.claim(), hashOf('something else'));
  await alpha.fail(await alpha.claim(), 'nodeos-crash', 'nodeos ended by signal SIGSEGV');
  await alpha.replay(await alpha.claim(), 0.25, 120);
  const held = await beta.claim();
  await beta.replay(held, 0.5, 900);
  return { ...run, beta, held };
}

const rows = (page: Page) => page.locator('.jobs-body [role=row]');
const slices = async (page: Page) =>
  (await page.getByRole('rowheader').allInnerTexts()).map((text) => text.replace(/\D+/u, ''));
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 5000 });
const line = (page: Page, jobId: number) => page.locator(`[data-job="${jobId}"]`);
const field = (page: Page, name: string) => page.getByRole('searchbox', { name, exact: true });
const choice = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true });
const count = (page: Page, text: string) =>
  page
    .locator('.filters-count strong')
    .and(page.getByText(text, { exact: true }))
    .waitFor();

describe('the table of jobs', () => {
  test('shows of each job what there is to know, and follows it', async () => {
    const { url, beta, held } = await startMixedRun();
    const page = await chromium.open(`${url}/jobs`, { viewport: { width: 1600, height: 900 } });
    const row = line(page, 5);
    await row.getByText('replaying').waitFor();
    const text = await row.getByRole('cell').allInnerTexts();
    expect(text.slice(0, 11).map((part) => part.replaceAll('\n', ' '))).toEqual([
      '5',
      'blocks 4,000 – 5,000',
      '▶ replaying',
      '',
      '50 %',
      '4,500',
      '900',
      '1 s',
      '1',
      'beta',
      '',
    ]);
    await beta.complete(held);
    await row.getByText('verified').waitFor();
    await row.getByText('100 %').waitFor();
    expect(await page.title()).toContain('Jobs');
  });

  test('is narrowed by what stands in the address, and says how many it shows', async () => {
    const { url } = await startMixedRun();
    const page = await chromium.open(`${url}/jobs?state=failed`);
    await count(page, '2 of 12 jobs');
    expect(await slices(page)).toEqual(['2', '3']);
    expect(await choice(page, 'State').inputValue()).toBe('state failed');
    await page.getByRole('button', { name: 'Show all' }).click();
    await count(page, '12 jobs');
    expect(page.url()).toBe(`${url}/jobs`);
  });

  test('writes what is chosen and typed into the address, and goes back and forward', async () => {
    const { url } = await startMixedRun();
    const page = await chromium.open(`${url}/jobs`);
    await choice(page, 'State').selectOption('state failed');
    await count(page, '2 of 12 jobs');
    await choice(page, 'Cause').selectOption('nodeos-crash');
    await count(page, '1 of 12 jobs');
    expect(new URL(page.url()).search).toBe('?state=failed&cause=nodeos-crash');
    await page.goBack();
    await count(page, '2 of 12 jobs');
    expect(await choice(page, 'Cause').inputValue()).toBe('');
    await page.goForward();
    await count(page, '1 of 12 jobs');
    await field(page, 'Search').pressSequentially('slice 4');
    await page.getByText('No job is like that.').waitFor();
    await page.goBack();
    await count(page, '1 of 12 jobs');
    expect(await field(page, 'Search').inputValue()).toBe('');
    await page.getByRole('columnheader', { name: 'Blocks/s' }).getByRole('button').click();
    await page.reload();
    await count(page, '1 of 12 jobs');
    expect(new URL(page.url()).search).toBe('?state=failed&cause=nodeos-crash&sort=-rate');
  });

  test('finds the slice that holds a block', async () => {
    const { url } = await startRun({ blocks: equalSlices(12) });
    const page = await chromium.open(`${url}/jobs`);
    await field(page, 'Search').fill('7,001');
    await count(page, '1 of 12 jobs');
    expect(await slices(page)).toEqual(['8']);
    await field(page, 'Search').fill('7,000');
    await soon(() => slices(page)).toEqual(['7']);
    await field(page, 'Blocks').fill('2,000 –');
    await page.getByText('Two numbers, as in 1,000 – 2,000, or one.').waitFor();
    await field(page, 'Search').fill('');
    await field(page, 'Blocks').fill('2,000 – 4,000');
    await count(page, '2 of 12 jobs');
    expect(await slices(page)).toEqual(['3', '4']);
  });

  test('is sorted by any column, and again as jobs change', async () => {
    const { url } = await startMixedRun();
    const page = await chromium.open(`${url}/jobs`);
    const head = page.getByRole('columnheader', { name: 'Blocks/s' });
    await head.getByRole('button').click();
    await soon(async () => (await slices(page)).slice(0, 3)).toEqual(['5', '4', '1']);
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    await head.getByRole('button').click();
    await soon(async () => (await slices(page)).slice(0, 3)).toEqual(['4', '5', '1']);
    const gamma = new Player(url, 'gamma');
    await gamma.replay(await gamma.claim(), 0.1, 3);
    await soon(async () => (await slices(page)).slice(0, 3)).toEqual(['6', '4', '5']);
  });

  test('is walked through with the keyboard', async () => {
    const { url } = await startRun({ blocks: equalSlices(300) });
    const page = await chromium.open(`${url}/jobs`);
    await count(page, '300 jobs');
    const focused = () => page.evaluate('document.activeElement.closest("[data-job]")?.dataset.job ?? null');
    await page.getByRole('columnheader', { name: 'Duration' }).getByRole('button').focus();
    await page.keyboard.press('Tab');
    await soon(focused).toBe('1');
    await page.keyboard.press('ArrowDown');
    await soon(focused).toBe('2');
    await page.keyboard.press('End');
    await soon(focused).toBe('300');
    const last = line(page, 300);
    expect(await last.getAttribute('aria-rowindex')).toBe('301');
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe('301');
    await page.mouse.wheel(0, -20_000);
    await line(page, 1).waitFor();
    expect(await focused()).toBe('300');
    await page.keyboard.press('ArrowUp');
    await soon(focused).toBe('299');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/jobs/299`);
  });

  test('is where it was when somebody comes back to it', async () => {
    const { url } = await startRun({ blocks: equalSlices(300) });
    const page = await chromium.open(`${url}/jobs?sort=-slice`);
    await count(page, '300 jobs');
    await page.evaluate('scrollTo(0, 5000)');
    await line(page, 150).click();
    await page.getByRole('heading', { name: 'Slice 150' }).waitFor();
    expect(await page.evaluate('scrollY')).toBe(0);
    await page.goBack();
    await soon(() => page.evaluate('scrollY')).toBe(5000);
    await line(page, 150).waitFor();
  });
});

describe('ten thousand jobs', { timeout: 60_000 }, () => {
  test('are few rows in the page, and a change of one touches its row alone', async () => {
    const { url, alpha } = await startRun({ blocks: equalSlices(10_000) });
    const page = await chromium.open(`${url}/jobs`);
    await count(page, '10,000 jobs');
    const most = 90;
    expect(await rows(page).count()).toBeLessThan(most);
    const middle = line(page, 5000);
    await page.evaluate('scrollTo(0, document.body.scrollHeight / 2)');
    await middle.waitFor();
    expect(await rows(page).count()).toBeLessThan(most);
    await page.evaluate('scrollTo(0, 0)');
    await line(page, 1).waitFor();
    await soon(() => line(page, 200).count()).toBe(0);
    await page.evaluate(`{
      window.touched = new Set();
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const element = target instanceof Element ? target : target.parentElement;
          window.touched.add(element?.closest('[data-job]')?.dataset.job ?? element?.className ?? 'gone');
        }
      }).observe(document.querySelector('.jobs'), {
        subtree: true, childList: true, characterData: true, attributes: true,
      });
    }`);
    const held = await alpha.claim();
    await alpha.replay(held, 0.5, 250);
    const row = line(page, held.jobId);
    await row.getByText('50 %').waitFor();
    await alpha.fail(held, 'disk-full', 'No space left on device');
    await row.getByText('disk-full').waitFor();
    // When the filters know of the cause, the order has been worked out anew, too.
    await choice(page, 'Cause').locator('option', { hasText: 'disk-full' }).waitFor({ state: 'attached' });
    expect(await page.evaluate('[...window.touched]')).toEqual([String(held.jobId)]);
  });

  test('are searched and sorted within the blink of an eye', async () => {
    const { url } = await startRun({ blocks: equalSlices(10_000) });
    const page = await chromium.open(`${url}/jobs`);
    await count(page, '10,000 jobs');
    const took = await page.evaluate<number[]>(`(async () => {
      const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      const took = [];
      const measure = async (act) => {
        await frame();
        const from = performance.now();
        act();
        await frame();
        took.push(performance.now() - from);
      };
      const search = document.querySelector('.filter-search input');
      await measure(() => { search.value = '9,999,001'; search.dispatchEvent(new Event('input', { bubbles: true })); });
      await measure(() => { search.value = ''; search.dispatchEvent(new Event('input', { bubbles: true })); });
      await measure(() => document.querySelector('.c-host button').click());
      await measure(() => scrollTo(0, 200_000));
      return took;
    })()`);
    expect(Math.max(...took)).toBeLessThan(1000);
  });
});

describe('the table of jobs for everybody', () => {
  test('shows text from the network as text', async () => {
    const { url } = await startRun({ blocks: equalSlices(12) });
    const evil = new Player(url, '<img src=x onerror=alert(1)>');
    await evil.fail(await evil.claim(), 'nodeos-crash', '"><script>alert(2)</script>');
    const page = await chromium.open(`${url}/jobs`);
    const row = line(page, 1);
    await row.getByText('<img src=x onerror=alert(1)>').waitFor();
    expect(await row.getByText('nodeos-crash').getAttribute('title')).toBe('"><script>alert(2)</script>');
    expect(await page.locator('main img, main script').count()).toBe(0);
    await choice(page, 'Host').selectOption('<img src=x onerror=alert(1)>');
    await count(page, '1 of 12 jobs');
  });

  test.each(['light', 'dark'] as const)('has nothing that axe finds in the %s theme', async (colorScheme) => {
    const { url } = await startMixedRun();
    const page = await chromium.open(`${url}/jobs?blocks=x`, { colorScheme });
    await line(page, 5).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  test('fits a narrow screen: each row in two lines', async () => {
    const { url } = await startMixedRun();
    const page = await chromium.open(`${url}/jobs`, NARROW);
    await line(page, 3).getByText('nodeos-crash').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await choice(page, 'Sorted by').selectOption('rate');
    await soon(async () => (await slices(page)).slice(0, 2)).toEqual(['5', '4']);
    expect(await axeFindings(page)).toEqual([]);
  });
});
