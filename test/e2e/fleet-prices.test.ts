/** Prices that are fetched, against a stand-in for EC2 and the Price List service, through the real SDK. */
import { describe, expect, test } from 'vitest';
import { product } from '../support/ec2-server/pricing.ts';
import { fleetScene, type FleetScene, type FleetSceneOptions } from './support/ec2.ts';
import { until } from './support/until.ts';

function priced(ec2: FleetSceneOptions['ec2'], more: FleetSceneOptions = {}): Promise<FleetScene> {
  const { fleet, ...others } = more;
  return fleetScene({ prices: {}, ...others, ec2: ec2 ?? {}, fleet: { fetch_prices: true, ...fleet } });
}

/** What the hosts of the last launch were told. */
function userData({ ec2 }: FleetScene): string {
  const made = ec2.asked.findLast(({ action }) => action === 'CreateLaunchTemplate');
  return Buffer.from(made?.params.get('LaunchTemplateData.UserData') ?? '', 'base64').toString();
}

test('a price on demand is that of the list, for every command and for the hosts', async () => {
  const scene = await priced({ onDemandPrices: { 'c7a.large': 0.31 } });
  const { json, hosts, ec2 } = scene;
  expect((await json(['up', '2', '--yes', '--budget', '0.7']))['started']).toMatchObject([
    { purchase: 'on-demand', price_per_hour: 0.31 },
    { purchase: 'on-demand', price_per_hour: 0.31 },
  ]);
  expect(userData(scene)).toContain('c7a.large/on-demand/*) price=0.31 ;;');
  expect((await hosts(['list'])).stdout).toContain('2 booting; $0.62 an hour');
  expect((await hosts(['up', '1', '--yes', '--budget', '0.7'])).stderr).toContain('would be passed');
  const asked = ec2.asked.filter(({ action }) => action === 'GetProducts');
  expect(Object.fromEntries(asked[0]!.params.entries())).toEqual({
    ServiceCode: 'AmazonEC2',
    regionCode: 'eu-west-1',
    instanceType: 'c7a.large',
    operatingSystem: 'Linux',
    tenancy: 'Shared',
    preInstalledSw: 'NA',
    capacitystatus: 'Used',
    NextToken: '0',
    'signed for': 'eu-central-1',
  });
});

test('a spot host costs what its zone does', async () => {
  const scene = await priced({ spotPrices: { 'c7a.large': 0.17 } }, { fleet: { spot_share: 100 } });
  expect((await scene.json(['up', '1', '--yes']))['started']).toMatchObject([
    { zone: 'eu-west-1a', purchase: 'spot', price_per_hour: 0.17 },
  ]);
  expect((await scene.json(['list']))['hosts']).toMatchObject([{ price_per_hour: 0.17 }]);
  const text = userData(scene);
  expect(text).toContain('c7a.large/spot/eu-west-1a) price=0.17 ;;');
  expect(text).toContain('c7a.large/spot/eu-west-1b) price=0.34 ;;');
  // In a zone that nothing was said of, nothing is counted too low.
  expect(text).toContain('c7a.large/spot/*) price=0.34 ;;');
});

test('a price of the settings counts more', async () => {
  const prices = { 'c7a.large': 0.5 };
  const fetched = { onDemandPrices: { 'c7a.large': 0.31 }, spotPrices: { 'c7a.large': 0.17 } };
  for (const spot_share of [0, 100]) {
    const { json } = await priced(fetched, { prices, fleet: { spot_share } });
    expect((await json(['up', '1', '--yes']))['started']).toMatchObject([{ price_per_hour: 0.5 }]);
  }
});

describe('a price that cannot be had', () => {
  const cases: [string, FleetSceneOptions['ec2'], RegExp][] = [
    ['for want of the right', { denied: ['GetProducts'] }, /the right pricing:GetProducts is missing/u],
    ['of an unknown type', {}, /no price on demand for c7a\.large in eu-west-1/u],
    ['because what is answered is none', { priceEntries: ['{', '[]', '{"terms":7}'] }, /no price on demand/u],
    [
      'because it is 0, or no number',
      { priceEntries: ['0', 'free', '-1', '', '1e9', 'NaN'].map((usd) => product('c7a.large', usd, {})) },
      /no price on demand/u,
    ],
  ];
  test.each(cases)(
    '%s is not known, which is said; with a budget nothing is launched',
    async (_, ec2, said) => {
      const { hosts, json } = await priced({ spotPrices: { 'c7a.large': 0.17 }, ...ec2 });
      const up = await hosts(['up', '1', '--yes', '--budget', '100']);
      expect(up).toMatchObject({ code: 1, stderr: expect.stringMatching(said) });
      expect(up.stderr).toContain('the price of the hosts is not known');
      expect((await json(['up', '1', '--yes']))['started']).toMatchObject([{ price_per_hour: null }]);
      expect((await hosts(['list'])).stdout).toContain('1 host without a price');
    },
  );

  test('because nobody answers costs no command its work', async () => {
    const { hosts } = await priced({});
    const env = { AWS_ENDPOINT_URL_PRICING: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' };
    const { code, stderr } = await hosts(['up', '1', '--yes'], { env });
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/Prices on demand could not be fetched: .*127\.0\.0\.1:9/u),
    });
  });

  test('of spot hosts names its own right', async () => {
    const { hosts } = await priced({ denied: ['DescribeSpotPriceHistory'] });
    expect((await hosts(['list'])).stderr).toContain('the right ec2:DescribeSpotPriceHistory is missing');
  });

  test('is nothing that stopping hosts waits for', async () => {
    const { hosts, ec2 } = await priced({ denied: ['GetProducts'] });
    await hosts(['up', '1', '--yes']);
    ec2.asked.length = 0;
    expect(await hosts(['down', '--all', '--yes'])).toMatchObject({ code: 0 });
    expect(ec2.asked.map(({ action }) => action)).not.toContain('GetProducts');
  });
});

test('a price cap is kept with fetched prices, and what has none is not launched', async () => {
  const fleet = { price_cap: 0.4, instance_types: ['c7a.large', 'm7a.large', 'r7a.large'] };
  const { json } = await priced({ onDemandPrices: { 'c7a.large': 0.31, 'm7a.large': 0.5 } }, { fleet });
  expect((await json(['up', '1', '--yes']))['started']).toMatchObject([{ type: 'c7a.large' }]);
  const none = await priced({}, { fleet });
  expect(await none.hosts(['up', '1', '--yes'])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('PRICE_CAP'),
  });
});

test('serve launches within its budget at fetched prices', async () => {
  const serve = ['--autoscale', '4', '--autoscale-interval', '1', '--fleet', 'fleet.json'];
  const ec2 = { onDemandPrices: { 'c7a.large': 0.31 } };
  const scene = await priced(ec2, { settings: { budget: 0.7 }, serve });
  await until('two hosts', () => scene.ec2.cloud.up.length === 2);
  await scene.orchestrator.running.waitFor(/the budget of \$0\.7 would be passed/u);
  expect(scene.ec2.cloud.up).toHaveLength(2);
});
