import { describe, expect, test } from 'vitest';
import { writeManifest } from '../e2e/support/chains.ts';
import { Scene } from '../e2e/support/scene.ts';
import { axeFindings } from './support/axe.ts';
import { useChromium } from './support/browser.ts';
import { equalSlices, hashOf, manifestOf, Player } from './support/player.ts';

const chromium = useChromium();

async function startRun(blocks = equalSlices(5)) {
  const scene = await Scene.create();
  const manifest = await writeManifest(scene.path('manifest.json'), manifestOf(blocks));
  const { url, running, port } = await scene.serve(manifest);
  return { scene, url, running, port, manifest, alpha: new Player(url, 'alpha') };
}

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

  test.each(['light', 'dark'] as const)('has nothing that axe finds in the %s theme', async (colorScheme) => {
    const { url, alpha } = await startRun();
    await alpha.complete(await alpha.claim());
    await alpha.fail(await alpha.claim(), 'disk-full', 'No space left on device');
    await alpha.replay(await alpha.claim(), 0.4, 120);
    const page = await chromium.open(`${url}/`, { colorScheme });
    await page.getByRole('region', { name: '1 failed job' }).waitFor();
    await page.locator('.strip-drawing a[aria-label*=replaying]').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});
