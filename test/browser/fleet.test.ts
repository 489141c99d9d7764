/** The fleet on the pages Hosts and Control, against a stand-in for EC2. */
import { describe, expect, test } from 'vitest';
import { fleetScene } from '../e2e/support/ec2.ts';
import { axeFindings } from './support/axe.ts';
import { useChromium } from './support/browser.ts';
import { Player } from './support/player.ts';
import { startRun } from './support/run.ts';

const chromium = useChromium();

const withFleet = (settings: object = {}) => fleetScene({ settings, serve: ['--fleet', 'fleet.json'] });

const TOKEN = 'a-token-that-is-long-enough-for-everybody';

async function launch(url: string, count: number): Promise<void> {
  const body = JSON.stringify({ count, token: 'made-by-the-test' });
  expect((await fetch(`${url}/fleet/up`, { method: 'POST', body })).status).toBe(200);
}

describe('the fleet', () => {
  test('is not spoken of where there is none', async () => {
    const { url } = await startRun();
    const page = await chromium.open(`${url}/control`);
    await page.getByRole('heading', { name: 'Another run' }).waitFor();
    expect(await page.getByText('Fleet').count()).toBe(0);
    await page.goto(`${url}/hosts`);
    await page.getByRole('search', { name: 'Hosts to show' }).waitFor();
    expect(await page.getByText('Fleet').count()).toBe(0);
  });

  test('stands on the page of the hosts, each with its worker and job', async () => {
    const { ec2, orchestrator } = await withFleet();
    const { url } = orchestrator;
    await launch(url, 2);
    const [first, second] = ec2.cloud.up;
    const alpha = new Player(url, 'alpha');
    await alpha.report({ instance_id: first!.id });
    await alpha.claim();
    const page = await chromium.open(`${url}/hosts`);
    const fleet = page.getByRole('region', { name: 'Hosts of the fleet' });
    const line = fleet.getByRole('row').filter({ hasText: first!.id });
    for (const text of ['at work', 'c7a.large', '$0.50/h', 'alpha', 'job 1']) {
      await line.getByText(text).waitFor();
    }
    await fleet.getByRole('row').filter({ hasText: second!.id }).getByText('booting').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await line.getByRole('button', { name: 'alpha' }).press('Enter');
    await page.getByText('First heard').waitFor();
  });

  test('is started from the page for control, which says before what it costs', async () => {
    const { ec2, orchestrator } = await withFleet({ max_hosts: 3 });
    const page = await chromium.open(`${orchestrator.url}/control`);
    await page.getByLabel('How many hosts to start').fill('5');
    await page.getByRole('button', { name: 'Start hosts' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Start 5 hosts?' });
    await dialog.getByText('3 hosts will be launched, for at most $1.50 an hour together').waitFor();
    await dialog.getByText('Not more, because max_hosts is 3, and 0 are there.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(ec2.cloud.instances).toEqual([]);
    await dialog.getByRole('button', { name: 'Start' }).dblclick();
    await page.getByText('3 hosts of 5 launched.').waitFor();
    expect(ec2.cloud.instances).toHaveLength(3);
  });

  test('is started once when the answer was lost and it is asked for again', async () => {
    const { ec2, orchestrator } = await withFleet();
    const { url } = orchestrator;
    const page = await chromium.open(`${url}/control`, { expectedErrors: /ERR_FAILED/u });
    await page.getByRole('button', { name: 'Start hosts' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start 1 host?' });
    await dialog.getByText('1 host will be launched').waitFor();
    await page.route(
      `${url}/fleet/up`,
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await dialog.getByRole('button', { name: 'Start' }).click();
    await dialog.getByText('No answer came').waitFor();
    await dialog.getByRole('button', { name: 'Start' }).click();
    await page.getByText('1 host of 1 launched.').waitFor();
    expect(ec2.cloud.instances).toHaveLength(1);
  });

  test('is stopped, and which jobs are lost is said before', async () => {
    const { ec2, orchestrator } = await withFleet();
    const { url } = orchestrator;
    await launch(url, 2);
    const alpha = new Player(url, 'alpha');
    await alpha.report({ instance_id: ec2.cloud.up[0]!.id });
    await alpha.claim();
    const page = await chromium.open(`${url}/control`);
    await page.getByRole('button', { name: 'Stop idle hosts' }).press('Enter');
    const idle = page.getByRole('dialog', { name: 'Stop idle hosts?' });
    await idle.getByText('There is no such host now.').waitFor();
    await idle.getByRole('button', { name: 'Leave it' }).press('Enter');
    await page.getByRole('button', { name: 'Stop all hosts' }).press('Enter');
    const all = page.getByRole('dialog', { name: 'Stop all hosts?' });
    await all.getByText('2 hosts will be stopped for good.').waitFor();
    await all.getByText('A job is lost and begins anew on another host: job 1.').waitFor();
    await all.getByRole('button', { name: 'Stop', exact: true }).press('Enter');
    await page.getByText('Stopping 2 hosts.').waitFor();
    expect(ec2.cloud.up).toEqual([]);
  });

  test('that cannot be launched is said in the question, with what to do', async () => {
    const { orchestrator } = await withFleet({ budget: 0.1 });
    const page = await chromium.open(`${orchestrator.url}/control`, { expectedErrors: /409/u });
    await page.getByRole('button', { name: 'Start hosts' }).click();
    await page.getByRole('dialog').getByText('the budget of $0.1 would be passed').waitFor();
  });

  test('is only looked at by those who may not change it', async () => {
    const fleet = { name: 'eos', provider: 'local' };
    const { url, readerToken } = await startRun({ token: TOKEN, withReader: true, fleet });
    const page = await chromium.open(`${url}/signin?next=/hosts`);
    await page.getByLabel('Token').fill(readerToken);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Fleet eos: 0 hosts' }).waitFor();
    await page.goto(`${url}/control`);
    await page.getByText('This page is for those who have the right admin').waitFor();
    expect(await page.locator('main button').count()).toBe(0);
  });
});
