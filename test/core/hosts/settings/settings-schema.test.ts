import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { exampleSettings } from '../../../../src/core/hosts/settings/example.ts';
import { readSettings } from '../../../../src/core/hosts/settings/read-settings.ts';
import { RULES, SETTING_NAMES, type SettingName } from '../../../../src/core/hosts/settings/rules.ts';
import { settingsSchema } from '../../../../src/core/hosts/settings/settings-schema.ts';

const ajv = new Ajv({ strict: true, allErrors: true });
for (const keyword of ['allowComments', 'allowTrailingCommas']) ajv.addKeyword(keyword);
const isValid = ajv.compile(settingsSchema());

/** A file with nothing but a name and this setting. */
function fileWith(setting: SettingName, value: unknown): object {
  const [first = '', ...rest] = setting.split('.');
  const inner = rest.toReversed().reduce((within, key) => ({ [key]: within }), value);
  return { name: 'eos', [first]: inner };
}

const GOOD: Readonly<Record<SettingName, readonly unknown[]>> = {
  name: ['eos', 'a'.repeat(40)],
  provider: ['ec2', 'ssh', 'local'],
  orchestrator: ['10.0.0.5:4000', 'https://replay.example'],
  budget: [0, 99.5],
  max_hosts: [1, 1000],
  idle_after: ['2m', '90s', ' 1d '],
  prices: [{}, { 'c7a.large': 0.5 }, { 'm7a.large': { spot: 0.2, 'on-demand': 1 } }],
  'work.idle_timeout': ['15m'],
  'work.max_lifetime': ['7d'],
  'work.flags': [[], ['--min-free-disk=100', '--once']],
  'ec2.region': ['eu-west-1', 'us-gov-west-1'],
  'ec2.subnets': [['subnet-0123456789abcdef0', 'subnet-0a1b2c3d']],
  'ec2.security_groups': [['sg-0a1b2c3d']],
  'ec2.instance_types': [['c7a.4xlarge', 'u-3tb1.56xlarge']],
  'ec2.image': ['ami-0a1b2c3d', 'resolve:ssm:/a/b-c'],
  'ec2.volume.size_gib': [8, 500],
  'ec2.volume.type': ['gp3', 'sc1'],
  'ec2.volume.iops': [3000],
  'ec2.volume.throughput': [125],
  'ec2.volume.device': ['/dev/xvda'],
  'ec2.instance_profile': ['replay-host', 'arn:aws:iam::123456789012:instance-profile/a/b'],
  'ec2.key_name': ['my key'],
  'ec2.spot_share': [0, 100],
  'ec2.price_cap': [1.5],
  'ec2.launch_template': ['lt-0a1b2c3d', 'mine:$Latest', 'mine:3'],
  'ec2.fetch_prices': [true, false],
  'ec2.tags': [{ team: 'chain' }],
  'ssh.hosts': [['root@10.0.0.7', 'ssh://a@b:22']],
  'ssh.options': [['-i', '/home/me/.ssh/key']],
  'local.workers': [1],
};

const BAD: readonly unknown[] = [
  null,
  -1,
  1e9,
  0.5,
  '',
  '0s',
  'a\nb',
  ' ',
  '€'.repeat(400),
  [''],
  [1],
  ['-x y', null],
  { a: -1 },
  { 'AWS:x': 'y' },
  { 'replay:x': 'y' },
  { 'c7a.large': { spot: 'x' } },
  { 'c7a.large': { weekly: 1 } },
  Object.fromEntries(Array.from({ length: 41 }, (_, at) => [`k${at}`, ''])),
];

const WORDS = Object.values(GOOD)
  .flat(2)
  .filter((one) => typeof one === 'string');

describe.each(SETTING_NAMES)('of %s', (name) => {
  test('the schema accepts what can be used', () => {
    expect(GOOD[name].filter((value) => !RULES[name].accepts(value))).toEqual([]);
    expect(GOOD[name].filter((value) => !isValid(fileWith(name, value)))).toEqual([]);
  });

  test('the schema and the rule refuse the same', () => {
    const values = [...BAD, ...Object.values(GOOD).flat()];
    const differing = values.filter((value) => RULES[name].accepts(value) !== isValid(fileWith(name, value)));
    expect(differing).toEqual([]);
  });

  test('the schema refuses nothing that the rule accepts', () => {
    const near = fc.oneof(fc.string(), fc.constantFrom(...WORDS));
    const some = fc.oneof(near, fc.double(), fc.integer(), fc.array(near), fc.dictionary(near, near));
    const property = fc.property(
      some,
      (value) => !RULES[name].accepts(value) || isValid(fileWith(name, value)),
    );
    expect(fc.check(property)).toMatchObject({ failed: false });
  });
});

test('the example is as the schema says, also with everything that stands in comments', () => {
  const example = exampleSettings('eos');
  expect([isValid(parse(example)), isValid.errors]).toEqual([true, null]);
  const whole = example.replaceAll(/^( *)\/\/ (?=[",])/gmu, '$1').replaceAll(/^( *),/gmu, '$1,');
  expect(parse(whole)).toMatchObject({ $schema: './fleet.schema.json', ec2: { fetch_prices: true } });
  expect([isValid(parse(whole)), isValid.errors]).toEqual([true, null]);
});

test('what is no setting is refused, and a name is needed', () => {
  expect(isValid({ name: 'eos', ec2: { subnet: [] } })).toBe(false);
  expect(isValid({ nam: 'eos' })).toBe(false);
  expect(isValid({})).toBe(false);
});

test('the place of the schema is no setting', () => {
  const { settings, mistakes } = readSettings(
    '{"$schema": "./fleet.schema.json", "name": "eos"}',
    'fleet.json',
  );
  expect([...settings.keys()]).toEqual(['name']);
  expect(mistakes).toEqual([]);
});
