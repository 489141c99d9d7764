import { parseDuration } from '../../domain/parse-duration.ts';
import { MAX_PRICE } from '../../domain/cost.ts';
import { PROVIDER_NAMES } from '../provider.ts';

/** What a setting may be. */
export interface Rule {
  readonly expected: string;
  /** The same as a JSON Schema (draft 7), for editors; it refuses nothing that is accepted. */
  readonly schema: Readonly<Record<string, unknown>>;
  accepts(value: unknown): boolean;
}

/** EC2's own limit of a fleet of type `instant` is higher; who wants more knows why. */
const MOST_HOSTS = 1000;

export const DEFAULT_MAX_HOSTS = 20;
/** Long enough for the pause between two attempts at a job, and for a restart of the orchestrator. */
export const DEFAULT_IDLE_TIMEOUT = '15m';
export const DEFAULT_MAX_LIFETIME = '7d';
export const DEFAULT_IDLE_AFTER = '2m';

const number = (from: number, to: number, unit: string): Rule => ({
  expected: `a number from ${from} to ${to}${unit}`,
  schema: { type: 'number', minimum: from, maximum: to },
  accepts: (value) => typeof value === 'number' && value >= from && value <= to,
});

const integer = (from: number, to: number, unit = ''): Rule => ({
  expected: `a whole number from ${from} to ${to}${unit}`,
  schema: { type: 'integer', minimum: from, maximum: to },
  accepts: (value) => Number.isInteger(value) && Number(value) >= from && Number(value) <= to,
});

const text = (expected: string, pattern: RegExp): Rule => ({
  expected,
  schema: { type: 'string', pattern: pattern.source },
  accepts: (value) => typeof value === 'string' && pattern.test(value),
});

const list = (expected: string, pattern: RegExp): Rule => ({
  expected: `a list of ${expected}`,
  schema: { type: 'array', items: { type: 'string', pattern: pattern.source } },
  accepts: (value) =>
    Array.isArray(value) && value.every((item) => typeof item === 'string' && pattern.test(item)),
});

const duration: Rule = {
  expected: 'a length of time such as "15m", "12h" or "3d"',
  schema: { type: 'string', pattern: String.raw`^\s*(?=\d{1,9}[smhd])0*[1-9]\d*[smhd]\s*$` },
  accepts: (value) => typeof value === 'string' && parseDuration(value) !== null,
};

const yesOrNo: Rule = {
  expected: 'true or false',
  schema: { type: 'boolean' },
  accepts: (value) => typeof value === 'boolean',
};

const price = number(0, MAX_PRICE, ' (US dollars an hour)');

/** `{"c7a.4xlarge": 0.82, "m7a.4xlarge": {"on-demand": 0.93, "spot": 0.4}}` */
const prices: Rule = {
  expected:
    'an object such as {"c7a.4xlarge": 0.82, "m7a.4xlarge": {"on-demand": 0.93, "spot": 0.4}}, in US dollars an hour',
  schema: {
    type: 'object',
    additionalProperties: {
      anyOf: [
        price.schema,
        {
          type: 'object',
          properties: { 'on-demand': price.schema, spot: price.schema },
          additionalProperties: false,
        },
      ],
    },
  },
  accepts: (value) =>
    isObject(value) && Object.values(value).every((inner) => price.accepts(inner) || isPair(inner)),
};

function isPair(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.entries(value).every(
      ([key, inner]) => (key === 'on-demand' || key === 'spot') && price.accepts(inner),
    )
  );
}

/** EC2 takes 50 tags of a resource, and those that begin with aws: are its own; ours begin with replay:. */
const tags: Rule = {
  expected: 'an object of at most 40 tags, {"team": "chain"}, of which none begins with "replay:" or "aws:"',
  schema: {
    type: 'object',
    maxProperties: 40,
    propertyNames: { pattern: '^(?![Aa][Ww][Ss]:|[Rr][Ee][Pp][Ll][Aa][Yy]:).{1,128}$' },
    additionalProperties: { type: 'string', maxLength: 256 },
  },
  accepts: (value) =>
    isObject(value) &&
    Object.keys(value).length <= 40 &&
    Object.entries(value).every(
      ([key, inner]) =>
        /^(?!aws:|replay:).{1,128}$/iu.test(key) && typeof inner === 'string' && inner.length <= 256,
    ),
};

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every setting by its place in the file. Whether they fit each other is checked in check-together.ts. */
export const RULES = {
  name: text('1 to 40 of the characters a-z, A-Z, 0-9, _ and -', /^[A-Za-z0-9_-]{1,40}$/),
  provider: {
    expected: PROVIDER_NAMES.join(', '),
    schema: { enum: PROVIDER_NAMES },
    accepts: (value) => (PROVIDER_NAMES as readonly unknown[]).includes(value),
  },
  orchestrator: text('an address such as 10.0.0.5:4000, or a URL', /^\S{1,300}$/),
  budget: number(0, 10_000_000, ' (US dollars)'),
  max_hosts: integer(1, MOST_HOSTS),
  idle_after: duration,
  prices,
  'work.idle_timeout': duration,
  'work.max_lifetime': duration,
  'work.flags': list(
    'flags of replay work such as "--min-free-disk=100"',
    /^--[a-z][a-z0-9-]*(=[^\p{Cc}]{0,500})?$/u,
  ),
  'ec2.region': text('a region such as eu-west-1', /^[a-z]{2}(-[a-z]+)+-\d$/),
  'ec2.subnets': list('subnets such as "subnet-0a1b2c3d"', /^subnet-[0-9a-f]{8,17}$/),
  'ec2.security_groups': list('security groups such as "sg-0a1b2c3d"', /^sg-[0-9a-f]{8,17}$/),
  'ec2.instance_types': list('instance types such as "c7a.4xlarge"', /^[a-z0-9-]+\.[a-z0-9-]+$/),
  'ec2.image': text(
    'an image such as "ami-0a1b2c3d", or "resolve:ssm:" and the name of a parameter',
    /^(ami-[0-9a-f]{8,17}|resolve:ssm:[\w.:/-]{1,900})$/,
  ),
  'ec2.volume.size_gib': integer(8, 65_536, ' (GiB)'),
  'ec2.volume.type': text('gp3, gp2, io2, io1, st1 or sc1', /^(gp[23]|io[12]|st1|sc1)$/),
  'ec2.volume.iops': integer(100, 256_000),
  'ec2.volume.throughput': integer(125, 2000, ' (MiB a second)'),
  'ec2.volume.device': text('a device such as "/dev/xvda"', /^\/dev\/[a-z0-9]{2,20}$/),
  'ec2.instance_profile': text(
    'the name or ARN of an instance profile',
    /^(arn:[\w-]+:iam::\d{12}:instance-profile\/[\w+=,.@/-]{1,600}|[\w+=,.@-]{1,128})$/,
  ),
  'ec2.key_name': text('the name of a key pair', /^[\x20-\x7e]{1,255}$/),
  'ec2.spot_share': integer(0, 100, ' (per cent)'),
  'ec2.price_cap': price,
  'ec2.launch_template': text(
    'the id or name of a launch template, with a version if need be: "lt-0a1b2c3d:3"',
    /^[\w().\-/]{3,128}(:(\d{1,9}|\$Latest|\$Default))?$/,
  ),
  'ec2.fetch_prices': yesOrNo,
  'ec2.tags': tags,
  'ssh.hosts': list('hosts as ssh takes them, such as "admin@10.0.0.7"', /^[^\s-]\S{0,250}$/),
  'ssh.options': list('arguments of ssh such as "-i", "/home/me/.ssh/replay"', /^[^\p{Cc}]{1,500}$/u),
  'local.workers': integer(1, 256),
} as const satisfies Record<string, Rule>;

export type SettingName = keyof typeof RULES;

export const SETTING_NAMES = Object.keys(RULES) as SettingName[];

export function isSetting(name: string): name is SettingName {
  return Object.hasOwn(RULES, name);
}
