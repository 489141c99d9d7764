import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { useChromium } from './support/browser.ts';
import { equalSlices, Player } from './support/player.ts';
import { startRun, type RunOptions } from './support/run.ts';

const chromium = useChromium();

const FACTS = {
  hostname: 'ip-10-0-0-7',
  instance_id: 'i-0123456789abcdef0',
  version: '0.1.0',
  cpus: 16,
  load: 9.5,
  memory_total: 64 * 1024 ** 3,
  memory_free: 16 * 1024 ** 3,
  disk_total: 900 * 1024 ** 3,
  disk_free: 300 * 1024 ** 3,
  price_per_hour: 1.008,
};

const startHosts = (options: RunOptions = {}) => startRun({ blocks: equalSlices(8), ...options });

/** Fails three attempts, which sets it aside. */
async function setAside(
  url: string,
  name: string,
  message = 'No space left on device',
  token?: string,
): Promise<void> {
  const player = new Player(url, name, token);
  for (let attempt = 0; attempt < 3; attempt += 1)
    await player.fail(await player.claim(), 'disk-full', message);
}

const lineOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

describe('the page of the hosts', () => {
  test('shows what a host is at as it changes, without being loaded anew', async () => {
    const { url } = await startHosts();
    const alpha = new Player(url, 'alpha');
    await alpha.report(FACTS);
    const page = await chromium.open(`${url}/hosts`);
    const line = lineOf(page, 'alpha');
    await line.getByText('idle').waitFor();
    for (const text of ['i-0123456789abcdef0 · 0.1.0', '300.0 GiB free', '9.5 of 16', '$1.01/h']) {
      await line.getByText(text).waitFor();
    }
    const held = await alpha.claim();
    await line.getByText('working').waitFor();
    await line.getByRole('link', { name: 'Slice 1' }).waitFor();
    await alpha.replay(held, 0.5, 250);
    await line.getByRole('cell', { name: '250', exact: true }).waitFor();
    await new Player(url, 'beta').claim();
    await lineOf(page, 'beta').getByText('working').waitFor();
    expect(await page.getByRole('button', { name: 'working 2' }).count()).toBe(1);
  });

  test('opens a host by its address, and tells the attempts that it makes', async () => {
    const { url } = await startHosts();
    const alpha = new Player(url, 'alpha');
    await alpha.complete(await alpha.claim());
    const page = await chromium.open(`${url}/hosts/alpha`);
    const attempts = page.getByRole('region', { name: 'Attempts of alpha' });
    await attempts.getByRole('cell', { name: 'came to the end' }).waitFor();
    expect(await attempts.getByRole('link', { name: 'Slice 1' }).getAttribute('href')).toBe('/jobs/1');
    await alpha.fail(await alpha.claim(), 'nodeos-crash', 'ended by a signal');
    await attempts.getByText('error: nodeos-crash').waitFor();
    await page.getByRole('button', { name: 'alpha' }).press('Enter');
    await attempts.waitFor({ state: 'detached' });
  });

  test('is sorted and narrowed by keyboard, and its address tells how', async () => {
    const { url } = await startHosts();
    await new Player(url, 'alpha').claim();
    await new Player(url, 'beta').report({ ...FACTS, disk_free: 5 });
    const page = await chromium.open(`${url}/hosts`);
    const names = page.locator('tbody th');
    await lineOf(page, 'beta').waitFor();
    expect(await names.allInnerTexts()).toMatchObject(
      [/alpha/u, /beta/u].map((name) => expect.stringMatching(name)),
    );
    await page.getByRole('button', { name: 'Host' }).press('Enter');
    await page.locator('th[aria-sort=descending]').waitFor();
    expect(await names.first().innerText()).toContain('beta');
    await page.getByRole('button', { name: 'working 1' }).press('Space');
    await lineOf(page, 'beta').waitFor({ state: 'detached' });
    await page.getByRole('searchbox').fill('nobody');
    await page.getByText('No host is like that.').waitFor();
    expect(new URL(page.url()).search).toBe('?sort=-host&state=working&text=nobody');
  });

  test('says why a host is set aside, and lets it have jobs again by keyboard alone', async () => {
    const { url } = await startHosts();
    await setAside(url, 'bad');
    const page = await chromium.open(`${url}/hosts`);
    const aside = page.getByRole('region', { name: '1 host is set aside' });
    await aside.getByText('disk-full').first().waitFor();
    await lineOf(page, 'bad').getByText('set aside').waitFor();
    await aside.getByRole('button', { name: 'Clear' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Let bad have jobs again?' });
    await dialog.getByRole('button', { name: 'Clear' }).press('Enter');
    await page.getByText('bad gets jobs again.').waitFor();
    await lineOf(page, 'bad').getByText('idle').waitFor();
    await aside.waitFor({ state: 'detached' });
  });

  test('offers no action to whoever may only look', async () => {
    const token = 'a-token-that-is-long-enough-for-everybody';
    const { url, readerToken } = await startHosts({ token, withReader: true });
    await setAside(url, 'bad', 'No space left on device', token);
    const page = await chromium.open(`${url}/signin?next=/hosts`);
    await page.getByLabel('Token').fill(readerToken);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: '1 host is set aside' }).waitFor();
    await lineOf(page, 'bad').waitFor();
    expect(await page.getByRole('button', { name: 'Clear' }).count()).toBe(0);
  });

  test('shows what hosts say as text, whatever it is', async () => {
    const { url } = await startHosts();
    const hostile = '<img src=x onerror=alert(1)>"\'&';
    const player = new Player(url, hostile);
    await player.report({ ...FACTS, hostname: hostile, instance_id: hostile, version: '</script><b>bold' });
    await setAside(url, hostile, `${hostile} ‮`);
    const page = await chromium.open(`${url}/hosts/${encodeURIComponent(hostile)}`);
    await page.getByRole('region', { name: `Attempts of ${hostile}` }).waitFor();
    expect(await page.locator('main img, main b b, main script').count()).toBe(0);
    expect(await page.locator('tbody th').first().innerText()).toContain(hostile);
  });

  test('draws of a thousand hosts those that are in sight', async () => {
    const { url } = await startHosts();
    for (let first = 0; first < 1000; first += 50) {
      const some = Array.from({ length: 50 }, (_, at) => new Player(url, `host-${first + at}`));
      await Promise.all(some.map((player) => player.report(FACTS)));
    }
    const page = await chromium.open(`${url}/hosts`);
    await lineOf(page, 'host-3').first().waitFor();
    expect(await page.locator('[data-row]').count()).toBeLessThan(80);
    expect(await page.locator('table').getAttribute('aria-rowcount')).toBe('1001');
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await lineOf(page, 'host-999').waitFor();
    expect(await page.locator('[data-row]').count()).toBeLessThan(80);
    expect(await lineOf(page, 'host-999').getAttribute('aria-rowindex')).toBe('1001');
  });

  test.each(['light', 'dark'] as const)('has nothing that axe finds in the %s theme', async (colorScheme) => {
    const { url } = await startHosts();
    await setAside(url, 'bad');
    const alpha = new Player(url, 'alpha');
    await alpha.report({ ...FACTS, disk_free: 5 });
    await alpha.replay(await alpha.claim(), 0.5, 250);
    const page = await chromium.open(`${url}/hosts/alpha`, { colorScheme });
    await page.getByRole('region', { name: 'Attempts of alpha' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  test('fits a window of 360 pixels', async () => {
    const { url } = await startHosts();
    await setAside(url, 'bad');
    await new Player(url, 'a-host-with-quite-a-long-name-in-some-cloud').report(FACTS);
    const page = await chromium.open(`${url}/hosts?open=bad`, { viewport: { width: 360, height: 740 } });
    await page.getByRole('region', { name: 'Attempts of bad' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await axeFindings(page)).toEqual([]);
  });
});
