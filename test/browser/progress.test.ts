import { describe, expect, test } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { useChromium } from './support/browser.ts';
import { equalSlices, hashOf } from './support/player.ts';
import { startRun } from './support/run.ts';

const chromium = useChromium();

describe('the page of the progress', () => {
  test('follows a job from its claim to its end without being loaded anew', async () => {
    const { url, alpha } = await startRun();
    const page = await chromium.open(`${url}/`);
    const slice = page.locator('.strip-drawing a').first();
    await slice.and(page.locator('[aria-label*="not begun"]')).waitFor();
    expect(await page.title()).toBe('0 % · Progress · replay');
    const held = await alpha.claim();
    await slice.and(page.locator('[aria-label*="getting ready, alpha"]')).waitFor();
    await alpha.replay(held, 0.5, 250);
    await slice.and(page.locator('[aria-label*="replaying, alpha, 250 blocks/s"]')).waitFor();
    await page.getByText('10 %', { exact: true }).waitFor();
    await alpha.complete(held);
    await slice.and(page.locator('[aria-label*=": verified"]')).waitFor();
    await page.getByText('RUNNING').waitFor();
  });

  test('draws one segment anew when one job changes', async () => {
    const { url, alpha } = await startRun({ blocks: equalSlices(50) });
    const page = await chromium.open(`${url}/`);
    await page.locator('.strip-drawing a').first().waitFor();
    await page.evaluate(`
      globalThis.touched = new Set();
      new MutationObserver((changes) => {
        for (const { target } of changes) globalThis.touched.add(target.closest('a')?.dataset.index ?? 'other');
      }).observe(document.querySelector('.strip-drawing'), { attributes: true, childList: true, subtree: true });
    `);
    await alpha.claim();
    await page.locator('.strip-drawing a[aria-label*="getting ready"]').waitFor();
    expect(await page.evaluate('[...globalThis.touched]')).toEqual(['0']);
  });

  test('shows the failed jobs first, with cause, host and message', async () => {
    const { url, alpha } = await startRun();
    const page = await chromium.open(`${url}/`);
    const held = await alpha.claim();
    await alpha.fail(held, 'nodeos-crash', 'nodeos ended with signal 11 at block 400');
    const failures = page.getByRole('region', { name: '1 failed job' });
    await failures.waitFor();
    const text = await failures.innerText();
    for (const part of ['Slice 1', 'nodeos-crash', 'alpha', 'signal 11']) expect(text).toContain(part);
    const next = await alpha.claim();
    await alpha.complete(next, hashOf('something else'));
    await page.getByRole('region', { name: '2 failed jobs' }).getByText('hash mismatch').waitFor();
    await page.getByText('FAILED', { exact: true }).waitFor();
  });

  test('asks before it runs the failed jobs again, and then does', async () => {
    const { url, alpha } = await startRun();
    await alpha.fail(await alpha.claim(), 'download', '404');
    const page = await chromium.open(`${url}/`);
    await page.getByRole('button', { name: 'Retry all' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run the failed job again?' });
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('region', { name: '1 failed job' }).waitFor();
    await page.getByRole('button', { name: 'Retry all' }).click();
    await dialog.getByRole('button', { name: 'Run again' }).click();
    await page.getByText('Job 1 was ERROR, and waits for a host now.').waitFor();
    await page.getByRole('region', { name: '1 failed job' }).waitFor({ state: 'detached' });
    expect((await alpha.claim()).jobId).toBe(1);
  });

  test('plots the course of the run in both plots, and says it in words', async () => {
    const { url, alpha } = await startRun();
    await alpha.complete(await alpha.claim());
    const page = await chromium.open(`${url}/`);
    await page.locator('.plots canvas').nth(1).waitFor();
    await page.getByText('1 of 5 jobs are complete, 0 failed.').waitFor({ state: 'attached' });
  });

  test('leads with the arrow keys from slice to slice, and with Enter to the job', async () => {
    const { url } = await startRun({ blocks: equalSlices(300, 10) });
    const page = await chromium.open(`${url}/`, { viewport: { width: 1000, height: 800 } });
    const focused = page.locator('.strip-drawing a:focus');
    await page.locator('.strip-drawing a').first().waitFor();
    await page.locator('.counts a').last().focus();
    await page.keyboard.press('Tab');
    const index = (): Promise<string | null> => focused.getAttribute('data-index');
    expect(await index()).toBe('0');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await index()).toBe('2');
    await page.keyboard.press('ArrowDown');
    expect(Number(await index())).toBeGreaterThan(50);
    await page.keyboard.press('ArrowUp');
    expect(await index()).toBe('2');
    await page.keyboard.press('End');
    expect(await index()).toBe('299');
    // Leaving it and coming back leads to where one was.
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    expect(await index()).toBe('299');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/jobs/300`);
  });

  test('shows the chain of 10,000 slices in fewer segments, which lead to the jobs of their blocks', async () => {
    const { url, alpha } = await startRun({ blocks: equalSlices(10_000, 10) });
    const page = await chromium.open(`${url}/`);
    const segments = page.locator('.strip-drawing a');
    await segments.first().waitFor();
    expect(await segments.count()).toBeLessThanOrEqual(1500);
    expect(await segments.first().getAttribute('href')).toBe('/jobs?blocks=0-70');
    await alpha.fail(await alpha.claim(), 'install', 'no such package');
    await page.locator('.strip-drawing a[aria-label*="1 failed, 6 not begun"]').waitFor();
  });

  test('shows what manifests and hosts say as text', async () => {
    const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    const { url, alpha } = await startRun();
    await alpha.fail(await alpha.claim(), 'bad-job', evil);
    const page = await chromium.open(`${url}/`);
    await page.getByText(evil).waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.title()).toContain('1 failed');
  });

  test.each(['light', 'dark'] as const)('has nothing that axe finds in the %s theme', async (colorScheme) => {
    const { url, alpha } = await startRun();
    await alpha.complete(await alpha.claim());
    await alpha.fail(await alpha.claim(), 'disk-full', 'No space left on device');
    await alpha.replay(await alpha.claim(), 0.4, 120);
    const page = await chromium.open(`${url}/`, { colorScheme });
    await page.locator('.strip-drawing a[aria-label*=replaying]').waitFor();
    await page.locator('.plots canvas').nth(1).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Retry all' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  test('fits into a window of 360 pixels', async () => {
    const { url, alpha } = await startRun();
    await alpha.fail(await alpha.claim(), 'disk-full', 'x'.repeat(500));
    const page = await chromium.open(`${url}/`, { viewport: { width: 360, height: 700 } });
    await page.locator('.plots canvas').nth(1).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});
