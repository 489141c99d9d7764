import { describe, expect, test } from 'vitest';
import { buildSettings } from '../../../../src/core/hosts/settings/build-settings.ts';
import { exampleSettings } from '../../../../src/core/hosts/settings/example.ts';
import type { Setting } from '../../../../src/core/hosts/settings/read-settings.ts';
import { SETTING_NAMES, type SettingName } from '../../../../src/core/hosts/settings/rules.ts';

function build(
  settings: object | string,
  over: [SettingName, unknown][] = [],
  purpose: 'find' | 'launch' = 'launch',
) {
  const text = typeof settings === 'string' ? settings : JSON.stringify(settings);
  const laid = over.map(([name, value]): [SettingName, Setting] => [name, { value, where: '--flag' }]);
  return buildSettings({ text, file: 'fleet.json' }, new Map(laid), purpose);
}

const EC2 = {
  subnets: ['subnet-00000001'],
  instance_types: ['c7a.large'],
  image: 'ami-00000001',
};

describe('the example', () => {
  const text = exampleSettings('replay-0a1b');

  test('can be used as it is', () => {
    expect(build(text)).toMatchObject({
      settings: { name: 'replay-0a1b', provider: 'ec2', maxHosts: 20, ec2: { spotShare: 0 } },
    });
  });

  test('names every setting of EC2, and how hosts end', () => {
    const rest = [
      'ssh.hosts',
      'ssh.options',
      'local.workers',
      'ec2.volume.iops',
      'ec2.volume.throughput',
      'ec2.volume.device',
    ];
    const wanted = SETTING_NAMES.filter((name) => !rest.includes(name));
    expect(wanted.filter((name) => !text.includes(`"${name.split('.').at(-1)}"`))).toEqual([]);
  });
});

test('flags count more than the file', () => {
  const built = build({ name: 'a', ec2: EC2 }, [['name', 'b']]);
  expect(built).toMatchObject({ settings: { name: 'b' } });
});

describe('machines of ssh', () => {
  const machines = (hosts: string[], mistakes: string[] = []) => ({ hosts, mistakes, where: '--hosts-file' });
  const made = (
    settings: object,
    listed: ReturnType<typeof machines> | null = null,
    purpose = 'find' as const,
  ) =>
    buildSettings({ text: JSON.stringify(settings), file: 'fleet.json' }, new Map(), purpose, {
      machines: listed,
    });

  test('come from a file of their own in the place of the setting', () => {
    const ssh = { name: 'a', provider: 'ssh', ssh: { hosts: ['old'] } };
    expect(made(ssh, machines(['new']))).toMatchObject({ settings: { ssh: { hosts: ['new'] } } });
    expect(made(ssh)).toMatchObject({ settings: { ssh: { hosts: ['old'] } } });
  });

  test('are told with all mistakes of the settings', () => {
    expect(made({ name: 'a', max_hosts: 0 }, machines([], ['rack:1: no']))).toEqual({
      mistakes: [
        'rack:1: no',
        expect.stringContaining('max_hosts is 0'),
        '--hosts-file: it names machines for ssh, and provider is ec2',
      ],
    });
  });

  test('have to be there to be found, and each once', () => {
    expect(made({ name: 'a', provider: 'ssh' })).toEqual({
      mistakes: ['fleet.json: ssh.hosts names no host, and provider is ssh'],
    });
    expect(made({ name: 'a', provider: 'ssh', ssh: { hosts: ['b', 'c', 'b', 'b'] } })).toEqual({
      mistakes: [expect.stringMatching(/: ssh\.hosts names b more than once$/)],
    });
  });
});

test('prices are by type, and by purchase where that is said', () => {
  const prices = { 'c7a.large': 1, 'm7a.large': { spot: 0.5 } };
  expect(build({ name: 'a', prices, ec2: EC2 })).toMatchObject({
    settings: {
      prices: [
        { type: 'c7a.large', purchase: null, pricePerHour: 1 },
        { type: 'm7a.large', purchase: 'spot', pricePerHour: 0.5 },
      ],
    },
  });
});

test('a launch template is split into name and version', () => {
  const of = (text: string) => build({ name: 'a', ec2: { launch_template: text } });
  expect(of('lt-0a1b2c3d')).toMatchObject({
    settings: { ec2: { launchTemplate: { idOrName: 'lt-0a1b2c3d', version: '$Default' } } },
  });
  expect(of('host:7')).toMatchObject({
    settings: { ec2: { launchTemplate: { idOrName: 'host', version: '7' } } },
  });
});

describe('mistakes', () => {
  test.each([
    ['{', 'fleet.json:1:2: this is not valid JSON (CloseBraceExpected)'],
    ['[]', 'fleet.json:1:1: this is not an object, { … }'],
    ['{"name": "a", "name": "b"}', 'fleet.json:1:15: "name" is there twice'],
    ['{"ec2": 1, "name": "a"}', 'fleet.json:1:2: ec2 is a section; expected an object, { … }'],
    ['{"nmae": "a"}', 'fleet.json:1:2: there is no setting "nmae"; did you mean name?'],
    ['{}', 'fleet.json: name is missing'],
    ['{"name": "a b"}', 'fleet.json:1:2: name is "a b"; expected 1 to 40 of the characters'],
    ['{"name": "a", "ec2": {"tags": {"aws:x": "y"}}}', 'ec2.tags is'],
    [
      '{"name": "a", "ec2": {"volume": {"type": "io2"}}}',
      'ec2.volume.iops is needed for volumes of type io2',
    ],
    [
      '{"name": "a", "ec2": {"volume": {"type": "gp2", "throughput": 200}}}',
      'cannot be set for volumes of type gp2',
    ],
    ['{"name": "a", "provider": "ssh"}', 'ssh.hosts names no host'],
    [
      '{"name": "a", "ec2": {"price_cap": 1, "instance_types": ["c7a.large"]}}',
      'the on-demand price of c7a.large',
    ],
    [
      '{"name": "a", "ec2": {"price_cap": 1, "fetch_prices": true, "launch_template": "lt-0a1b2c3d"}}',
      'ec2.price_cap cannot be kept on demand without ec2.instance_types',
    ],
    ['{"name": "a", "budget": 1e999}', 'budget is'],
    ['{"name": "a", "budget": "100"}', 'budget is "100"'],
    ['{"name": "a", "prices": {"c7a.large": -0.1}}', 'prices is'],
    ['{"name": "a", "prices": {"c7a.large": {"spot": null}}}', 'prices is'],
  ])('of %s are told with their place', (text, mistake) => {
    expect((build(text) as { mistakes: string[] }).mistakes.join('\n')).toContain(mistake);
  });

  test('a price cap can be kept when prices are fetched', () => {
    expect(build({ name: 'a', ec2: { ...EC2, price_cap: 1, fetch_prices: true } })).toHaveProperty(
      'settings',
    );
  });

  test('all are told at once, those of flags too', () => {
    const built = build({ budget: -1, ec2: { spot_share: 101 } }, [['max_hosts', 0]]);
    const { mistakes } = built as { mistakes: string[] };
    for (const part of [
      'budget is -1',
      'ec2.spot_share is 101',
      '--flag: max_hosts is 0',
      'name is missing',
      'ec2.image',
    ]) {
      expect(mistakes.join('\n')).toContain(part);
    }
  });

  test('what launching needs is not missed when hosts are only looked for', () => {
    expect(build({ name: 'a' }, [], 'find')).toMatchObject({ settings: { name: 'a' } });
  });
});
