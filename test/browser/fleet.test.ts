/** The fleet on the pages Hosts and Control, against a stand-in for EC2. */
import { describe, expect, test } from 'vitest';
import { fleetScene, type FleetSceneOptions } from '../e2e/support/ec2.ts';
import { axeFindings } from './support/axe.ts';
import { useChromium } from './support/browser.ts';
import { Player } from './support/player.ts';
import { startRun } from './support/run.ts';

const chromium = useChromium();

const withFleet = (settings: object = {}, ec2: FleetSceneOptions['ec2'] = {}) =>
  fleetScene({ settings, ec2, serve: ['--fleet', 'fleet.json'] });

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
      await line.getByText(text).filter({ visible: true }).first().waitFor();
    }
    await fleet.getByRole('row').filter({ hasText: second!.id }).getByText('booting').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await line.getByRole('button', { name: 'alpha' }).press('Enter');
    await page.getByText('First heard').waitFor();
  });

  test('is sorted by its columns, and the address tells how', async () => {
    const { ec2, orchestrator } = await withFleet();
    const { url } = orchestrator;
    await launch(url, 3);
    const second = ec2.cloud.up[1]!;
    const alpha = new Player(url, 'alpha');
    await alpha.report({ instance_id: second.id });
    const page = await chromium.open(`${url}/hosts`);
    const fleet = page.getByRole('region', { name: 'Hosts of the fleet' });
    const names = () => fleet.locator('tbody th bdi').allTextContents();
    const sorted = ec2.cloud.up.map(({ id }) => id);
    await fleet.getByRole('button', { name: 'Host' }).press('Enter');
    await fleet
      .getByRole('columnheader', { name: 'Host' })
      .and(page.locator('[aria-sort=ascending]'))
      .waitFor();
    expect(await names()).toEqual(sorted);
    await fleet.getByRole('button', { name: 'Host' }).press('Enter');
    await page.waitForURL(/fleet-sort=-host/u);
    expect(await names()).toEqual(sorted.toReversed());
    await fleet.getByRole('button', { name: 'Worker' }).click();
    expect((await names())[0]).toBe(second.id);
    // The table of the workers keeps its own order.
    expect(await page.locator('table.hosts [aria-sort]').textContent()).toContain('Host');
    await page.reload();
    await fleet
      .getByRole('columnheader', { name: 'Worker' })
      .and(page.locator('[aria-sort=ascending]'))
      .waitFor();
  });

  test('tells what it costs, what is left of the budget, and which hosts have ended why', async () => {
    const { ec2, orchestrator } = await withFleet({ budget: 10 });
    const { url } = orchestrator;
    await launch(url, 3);
    ec2.cloud.interrupt(ec2.cloud.up[0]!);
    const page = await chromium.open(`${url}/hosts`);
    const facts = page.locator('.fleet-facts');
    await facts.getByText('2 of at most').waitFor();
    await facts.getByText('$1.00').waitFor();
    await facts.getByText('2 booting').waitFor();
    await facts.getByText('of $10.00, enough for 9 h').waitFor();
    await page.getByText('1 host ended within the last hour').click();
    const ended = page.locator('.fleet-ended li');
    await ended.filter({ hasText: ec2.cloud.instances[0]!.reason }).waitFor();
    await ended.getByText('It was never heard from.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Progress', exact: true }).click();
    await page.locator('.tile').getByText('of the budget left').waitFor();
  });

  test('that looks after itself tells what it did, and what keeps it small', async () => {
    const { ec2, orchestrator } = await fleetScene({
      ec2: { capacity: { 'eu-west-1a': 1, 'eu-west-1b': 0, 'eu-west-1c': 0 } },
      serve: ['--autoscale', '3', '--autoscale-interval', '1', '--fleet', 'fleet.json'],
    });
    const page = await chromium.open(`${orchestrator.url}/hosts`);
    const told = page.locator('.autoscale');
    await told.getByText('Its last launch got less than it asked for. It asks again after').waitFor();
    await told.getByRole('listitem').filter({ hasText: 'eu-west-1b' }).first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Progress', exact: true }).click();
    await page.getByRole('link', { name: 'the fleet does not grow' }).click();
    await fetch(`${orchestrator.url}/run/pause`, { method: 'POST', body: '{}' });
    await told.getByText('While the run is paused it launches and stops nothing.').waitFor();
    expect(ec2.cloud.up).toHaveLength(1);
  });

  test('loses the hosts that were chosen, and only with the jobs that were named', async () => {
    const { ec2, orchestrator } = await withFleet();
    const { url } = orchestrator;
    await launch(url, 3);
    const [first, second] = ec2.cloud.up.map(({ id }) => id);
    const [alpha, beta] = [new Player(url, 'alpha'), new Player(url, 'beta')];
    await alpha.report({ instance_id: first });
    await alpha.claim();
    await beta.report({ instance_id: second });
    const page = await chromium.open(`${url}/hosts`);
    const stop = page.getByRole('button', { name: 'Stop chosen hosts' });
    expect(await stop.isDisabled()).toBe(true);
    await page.getByLabel(`Choose ${first}`).check();
    await page.getByLabel(`Choose ${second}`).check();
    await page.getByText('2 hosts chosen.').waitFor();
    await stop.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Stop 2 hosts?' });
    await dialog.getByText('A job is lost and begins anew on another host: job 1.').waitFor();
    await beta.claim();
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
    await dialog.getByText('Nothing was stopped: meanwhile these hosts have begun job 2.').waitFor();
    expect(ec2.cloud.up).toHaveLength(3);
    await dialog.getByText('2 jobs are lost and begin anew on another host: job 1, job 2.').waitFor();
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('Stopping 2 hosts.').waitFor();
    expect(ec2.cloud.up).toHaveLength(1);
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
    await page.getByRole('status').getByText('3 hosts of 5 launched.').waitFor();
    expect(ec2.cloud.instances).toHaveLength(3);
    // The message goes; why it was less stays.
    await page
      .locator('.launch-outcome')
      .getByText('Not more, because max_hosts is 3, and 0 are there.')
      .waitFor();
  });

  test('is started with as many hosts as open jobs can use, and not with more than there are', async () => {
    const { ec2, orchestrator } = await withFleet();
    const page = await chromium.open(`${orchestrator.url}/control`);
    const open = page.getByRole('button', { name: 'Start as many as jobs can use' });
    await open.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Start as many hosts as open jobs can use?' });
    await dialog.getByText('hosts will be launched').waitFor();
    await dialog.getByRole('button', { name: 'Start' }).press('Enter');
    await page.getByText(/^(\d) hosts of \1 launched\.$/u).waitFor();
    const before = ec2.cloud.instances.length;
    expect(before).toBeGreaterThan(0);
    await open.press('Enter');
    await dialog.getByText('No host will be launched.').waitFor();
    // A click does nothing then.
    await dialog.getByRole('button', { name: 'Start' }).click({ force: true });
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    expect(ec2.cloud.instances).toHaveLength(before);
  });

  test('that is smaller than asked for says so by zone, in the words of EC2', async () => {
    const { orchestrator } = await withFleet(
      {},
      { capacity: { 'eu-west-1a': 1, 'eu-west-1b': 0, 'eu-west-1c': 0 } },
    );
    const page = await chromium.open(`${orchestrator.url}/control`);
    await page.getByLabel('How many hosts to start').fill('2');
    await page.getByRole('button', { name: 'Start hosts' }).click();
    await page.getByRole('dialog').getByText('2 hosts will be launched').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    const outcome = page.locator('.launch-outcome');
    await outcome.getByText('1 host of 2 launched.').waitFor();
    const missing = await outcome.getByRole('listitem').allTextContents();
    expect(missing.join()).toMatch(/eu-west-1b, c7a\.large: .*\(InsufficientInstanceCapacity\)/u);
    expect(new Set(missing).size).toBe(missing.length);
    expect(await axeFindings(page)).toEqual([]);
  });

  test('is followed to the end of a launch that takes long, over answers that are lost', async () => {
    const { ec2, orchestrator } = await withFleet();
    const { url } = orchestrator;
    const page = await chromium.open(`${url}/control`, { expectedErrors: /ERR_FAILED/u });
    const answers = [{ status: 202, body: '{"under_way": true}' }, null];
    const looked = Promise.withResolvers<void>();
    await page.route(`${url}/fleet/up`, async (route) => {
      if (route.request().postDataJSON().dry_run === true) return route.continue();
      const answer = answers.shift();
      if (answer === null) return route.abort();
      if (answer !== undefined) return route.fulfill(answer);
      await looked.promise;
      return route.continue();
    });
    await page.getByRole('button', { name: 'Start hosts' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start 1 host?' });
    await dialog.getByText('1 host will be launched').waitFor();
    await dialog.getByRole('button', { name: 'Start' }).click();
    await dialog.getByText('is under way, and takes long').waitFor();
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    await page
      .locator('.control .under-way')
      .filter({ visible: true })
      .getByText('is under way, and takes long')
      .waitFor();
    looked.resolve();
    await page.getByText('1 host of 1 launched.').waitFor();
    expect(await page.getByText('is under way').count()).toBe(0);
    expect(ec2.cloud.instances).toHaveLength(1);
  });

  test('that could not be launched is said also to those who have closed the question', async () => {
    const { orchestrator } = await withFleet();
    const { url } = orchestrator;
    const page = await chromium.open(`${url}/control`, { expectedErrors: /502/u });
    const closed = Promise.withResolvers<void>();
    await page.route(`${url}/fleet/up`, async (route) => {
      if (route.request().postDataJSON().dry_run === true) return route.continue();
      await closed.promise;
      const error = {
        code: 'EC2_REFUSED',
        message: 'EC2 refuses',
        hint: 'Ask for the right ec2:CreateFleet.',
      };
      return route.fulfill({ status: 502, body: JSON.stringify({ error }) });
    });
    await page.getByRole('button', { name: 'Start hosts' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start 1 host?' });
    await dialog.getByText('1 host will be launched').waitFor();
    await dialog.getByRole('button', { name: 'Start' }).click();
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    closed.resolve();
    const said = page.locator('.said');
    await said.getByText('Ask for the right ec2:CreateFleet.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await said.getByRole('button', { name: 'Seen' }).click();
    await said.getByText('EC2 refuses').waitFor({ state: 'detached' });
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
