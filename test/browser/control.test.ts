import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axeFindings } from './support/axe.ts';
import { useChromium } from './support/browser.ts';
import { manifestOf } from './support/player.ts';
import { startRun } from './support/run.ts';

const chromium = useChromium();
const TOKEN = 'a-token-that-is-long-enough-for-everybody';

/** Confirms what a dialog asks. */
async function confirm(page: Page, question: string, button: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: question });
  await dialog.getByRole('button', { name: button }).press('Enter');
  await dialog.waitFor({ state: 'hidden' });
}

const textOf = (slices: number[], more: object = {}) =>
  JSON.stringify(manifestOf(slices, { ...more }), null, 4);

describe('the page for control', () => {
  test('pauses the run with a reason, and resumes it, by keyboard alone', async () => {
    const { url, alpha } = await startRun();
    await alpha.claim();
    const page = await chromium.open(`${url}/control`);
    await page.getByRole('button', { name: 'Pause' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Pause run 1?' });
    await dialog.getByText('1 host is at work').waitFor();
    await dialog.getByLabel('Reason').fill('disk <b>full</b>');
    await confirm(page, 'Pause run 1?', 'Pause');
    await page.getByText('The run is paused: no job is handed out.').waitFor();
    await page.getByRole('button', { name: 'Resume' }).and(page.locator(':focus')).waitFor();
    await page.getByRole('note').getByText('disk <b>full</b>').waitFor();
    expect((await fetch(`${url}/job?nextjob`)).status).toBe(404);
    await page.getByRole('button', { name: 'Resume' }).press('Enter');
    await confirm(page, 'Resume run 1?', 'Resume');
    await page.getByRole('note').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Pause' }).and(page.locator(':focus')).waitFor();
    expect((await fetch(`${url}/job?nextjob`)).status).toBe(200);
  });

  test('runs all failed jobs again, and says how many', async () => {
    const { url, alpha } = await startRun();
    await alpha.fail(await alpha.claim(), 'download', '404');
    await alpha.fail(await alpha.claim(), 'nodeos-crash', 'signal 11');
    const page = await chromium.open(`${url}/control`);
    await page.getByRole('button', { name: 'Retry all' }).press('Enter');
    await confirm(page, 'Run all 2 failed jobs again?', 'Run again');
    await page.getByText('No job has failed.').waitFor();
    await page.getByRole('heading', { name: 'Failed jobs' }).and(page.locator(':focus')).waitFor();
  });

  test('shows each mistake of a manifest beside its line, and begins nothing with it', async () => {
    const { url } = await startRun();
    const page = await chromium.open(`${url}/control`);
    await page.getByLabel('another one').check();
    await page.getByLabel('Text of the manifest').fill(textOf([1000, 500], { storage_type: '<img src=x>' }));
    const mistakes = page.getByRole('list', { name: 'Mistakes by line' });
    await mistakes.getByRole('listitem').nth(1).waitFor();
    expect(await mistakes.locator('code.line').allInnerTexts()).toEqual([
      '"storage_type": "<img src=x>",',
      '"storage_type": "<img src=x>",',
    ]);
    expect(await page.locator('.gutter .wrong').allInnerTexts()).toMatchObject(
      [/6$/u, /14$/u].map((line) => expect.stringMatching(line)),
    );
    expect(await page.locator('main img').count()).toBe(0);
    await mistakes.getByRole('button', { name: 'Line 14' }).press('Enter');
    const chosen = await page.evaluate('getSelection().toString()');
    expect(chosen).toContain('storage_type');
    expect(await page.getByRole('button', { name: 'Begin another run' }).isDisabled()).toBe(true);
  });

  test('begins a run with a manifest from a file, another nodeos and more options, and says what ends', async () => {
    const { url, alpha } = await startRun();
    await alpha.claim();
    const page = await chromium.open(`${url}/control`);
    await page.getByLabel('another one').check();
    const buffer = Buffer.from(textOf([1000, 1000, 1000]));
    await page
      .getByLabel('From a file')
      .setInputFiles({ name: 'm.json', mimeType: 'application/json', buffer });
    await page.getByLabel('nodeos for every slice').fill('v1.2.3');
    await page.getByLabel('Option', { exact: true }).selectOption('chain-threads');
    await page.getByText('Threads that check signatures').waitFor();
    await page.getByLabel('Value, 1 to 1024').fill('8');
    await page.getByLabel('Value, 1 to 1024').press('Enter');
    await page.getByText('3 slices with 3,000 blocks, from 0 to 3,000, for nodeos v1.2.3').waitFor();
    await page.getByRole('button', { name: 'Begin another run' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'End run 1 and begin another?' });
    await dialog.getByText('1 host loses the job it is at work on').waitFor();
    await dialog.getByText('Run 1 ends with 5 jobs not finished').waitFor();
    await dialog.getByRole('button', { name: 'Begin' }).dblclick();
    await page.getByText('Run 2 has begun, with 3 jobs.').waitFor();
    await page.locator('.headline').getByText('Run 2').waitFor();
    const [record] = (await (
      await fetch(`${url}/status`, {
        headers: { Accept: 'application/vnd.replay.job+json' },
      })
    ).json()) as { nodeos_options: string[]; spring_version: string }[];
    expect(record).toMatchObject({ nodeos_options: ['--chain-threads=8'], spring_version: 'v1.2.3' });
    const runs = (await (await fetch(`${url}/runs`)).json()) as object[];
    expect(runs.length).toBe(2);
  });

  test('begins the same manifest again', async () => {
    const { url } = await startRun();
    const page = await chromium.open(`${url}/control`);
    await page.getByText('It is the manifest of the current run.').waitFor();
    await page.getByRole('button', { name: 'Begin another run' }).click();
    await confirm(page, 'End run 1 and begin another?', 'Begin');
    await page.getByText('Run 2 has begun, with 5 jobs.').waitFor();
  });

  test('begins one run when the answer was lost and it is asked for again', async () => {
    const { url } = await startRun();
    const page = await chromium.open(`${url}/control`, { expectedErrors: /ERR_FAILED/u });
    await page.route(
      `${url}/run`,
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await page.getByText('It is the manifest of the current run.').waitFor();
    await page.getByRole('button', { name: 'Begin another run' }).click();
    const dialog = page.getByRole('dialog', { name: 'End run 1 and begin another?' });
    await dialog.getByRole('button', { name: 'Begin' }).click();
    await dialog.getByText('No answer came').waitFor();
    await page.locator('.headline').getByText('Run 2').waitFor();
    await dialog.getByRole('button', { name: 'Begin' }).click();
    await page.getByText('Run 2 has begun, with 5 jobs.').waitFor();
    expect((await (await fetch(`${url}/runs`)).json()) as object[]).toHaveLength(2);
  });

  test('says what an option that is wrong is wrong in', async () => {
    const { url } = await startRun();
    const page = await chromium.open(`${url}/control`);
    await page.getByLabel('Option', { exact: true }).selectOption('chain-threads');
    await page.getByLabel('Value, 1 to 1024').fill('9999');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByText('--chain-threads: expected a whole number from 1 to 1024').waitFor();
    await page.getByRole('button', { name: 'Take --chain-threads=9999 out' }).press('Enter');
    await page.getByText('It is the manifest of the current run.').waitFor();
  });

  test('says to whoever may only look that it is for others', async () => {
    const { url, readerToken } = await startRun({ token: TOKEN, withReader: true });
    const page = await chromium.open(`${url}/signin?next=/control`);
    await page.getByLabel('Token').fill(readerToken);
    await page.keyboard.press('Enter');
    await page.getByText('This page is for those who have the right admin. You may read.').waitFor();
    expect(await page.locator('main button').count()).toBe(0);
  });

  test.each(['light', 'dark'] as const)('has nothing that axe finds in the %s theme', async (colorScheme) => {
    const { url, alpha } = await startRun();
    await alpha.fail(await alpha.claim(), 'download', '404');
    const page = await chromium.open(`${url}/control`, { colorScheme });
    await page.getByLabel('another one').check();
    await page.getByLabel('Text of the manifest').fill(textOf([1000], { storage_type: 's4' }));
    await page.getByLabel('Option', { exact: true }).selectOption('force-all-checks');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('list', { name: 'Mistakes by line' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Pause' }).click();
    expect(await axeFindings(page)).toEqual([]);
  });

  test('fits a window of 360 pixels', async () => {
    const { url } = await startRun();
    const page = await chromium.open(`${url}/control`, { viewport: { width: 360, height: 740 } });
    await page.getByLabel('another one').check();
    await page.getByLabel('Text of the manifest').fill(textOf([1000], { storage_type: 's4'.repeat(80) }));
    await page.getByRole('list', { name: 'Mistakes by line' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});
