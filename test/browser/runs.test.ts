import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { useChromium } from './support/browser.ts';
import { hashOf, Player } from './support/player.ts';
import { startRun, type PlayedRun } from './support/run.ts';

const chromium = useChromium();

/** Begins a run of the same slices in the place of the current one. */
async function beginAnother({ url }: PlayedRun, current: number): Promise<void> {
  const body = JSON.stringify({ manifest: null, current_run_id: current, nodeos_version: '5.0.3' });
  const answer = await fetch(`${url}/run`, { method: 'POST', body });
  if (!answer.ok) throw new Error(await answer.text());
}

/** A first run of five slices, of which two are done, and a second one that came to another hash in one. */
async function twoRuns(): Promise<PlayedRun> {
  const run = await startRun();
  await run.alpha.complete(await run.alpha.claim());
  await run.alpha.complete(await run.alpha.claim());
  await beginAnother(run, 1);
  await run.alpha.complete(await run.alpha.claim(), hashOf('another state'));
  await run.alpha.complete(await run.alpha.claim());
  return run;
}

describe('the page of the runs', () => {
  test('lists the runs, the current one first, with numbers that go on', async () => {
    const run = await twoRuns();
    const page = await chromium.open(`${run.url}/runs`);
    const current = page.getByRole('row').filter({ hasText: 'current' });
    await current.getByText('FAILED').waitFor();
    expect(await page.getByRole('row').count()).toBe(3);
    await run.alpha.complete(await run.alpha.claim());
    await current.getByRole('cell', { name: '40.0 %' }).waitFor();
  });

  test('gives the report of each run as a file', async () => {
    const { url } = await twoRuns();
    const page = await chromium.open(`${url}/runs`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Report of run 1 as HTML' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('replay-run-1.html');
    expect(await readFile(await download.path(), 'utf8')).toMatch(/^<!doctype html>/iu);
  });

  test('puts two runs side by side by keyboard alone, what differs first', async () => {
    const { url } = await twoRuns();
    const page = await chromium.open(`${url}/runs`);
    await page.getByRole('radio', { name: 'Run 2 as A' }).press('Space');
    await page.getByText('Choose two different runs').waitFor();
    await page.getByRole('radio', { name: 'Run 1 as B' }).press('Space');
    await page.getByRole('button', { name: 'Compare run 2 with run 1' }).press('Enter');
    await page.waitForURL(`${url}/runs/compare?a=2&b=1`);
    await page.getByText('DIFFERENT').waitFor();
    const differing = page.getByRole('region', { name: 'Slices that differ' });
    const first = differing.locator('[data-row]').first();
    await first.getByText('hash differs').waitFor();
    for (const hash of [hashOf('another state'), hashOf('state at 1000')])
      await first.getByText(hash).waitFor();
    await page.getByRole('button', { name: '1 slice in which nothing differs' }).press('Enter');
    await page.getByRole('region', { name: 'Slices in which nothing differs' }).getByText('equal').waitFor();
  });

  test('compares with the run at work as that goes on', async () => {
    const run = await twoRuns();
    const page = await chromium.open(`${run.url}/runs/compare?a=1&b=2`);
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByText('1 succeeded, 1 failed, 3 remain').waitFor();
    await run.alpha.complete(await run.alpha.claim());
    await result.getByText('2 succeeded, 1 failed, 2 remain').waitFor();
  });

  test('says when there is no such run', async () => {
    const { url } = await startRun();
    const page = await chromium.open(`${url}/runs/compare?a=1&b=7`, { expectedErrors: /404/u });
    await page.getByText('Could not find run').waitFor();
  });

  test('shows versions and hosts as text, whatever they are', async () => {
    const run = await startRun();
    const hostile = new Player(run.url, '<img src=x onerror=alert(1)>');
    await hostile.complete(await hostile.claim());
    await beginAnother(run, 1);
    const page = await chromium.open(`${run.url}/runs/compare?a=1&b=2`);
    await page.getByText('CANNOT BE TOLD YET').waitFor();
    expect(await page.locator('main img').count()).toBe(0);
  });

  test.each(['light', 'dark'] as const)('has nothing that axe finds in the %s theme', async (colorScheme) => {
    const { url } = await twoRuns();
    const page = await chromium.open(`${url}/runs`, { colorScheme });
    await page.getByRole('button', { name: 'Compare run 1 with run 2' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Compare run 1 with run 2' }).click();
    await page.getByRole('button', { name: '1 slice in which nothing differs' }).click();
    await page.getByRole('region', { name: 'Slices in which nothing differs' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  test('fits a window of 360 pixels', async () => {
    const { url } = await twoRuns();
    const page = await chromium.open(`${url}/runs`, { viewport: { width: 360, height: 740 } });
    await page.getByRole('button', { name: 'Compare run 1 with run 2' }).click();
    await page.getByText('DIFFERENT').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});
