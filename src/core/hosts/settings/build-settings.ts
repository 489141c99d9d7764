import { parseDuration } from '../../domain/parse-duration.ts';
import type { PricePoint, ProviderName } from '../provider.ts';
import type { HostsFile } from './hosts-file.ts';
import { checkTogether, type AwsSurroundings, type Purpose } from './check-together.ts';
import { mistakeIn, readSettings, type Setting, type Settings } from './read-settings.ts';
import {
  DEFAULT_IDLE_AFTER,
  DEFAULT_IDLE_TIMEOUT,
  DEFAULT_MAX_HOSTS,
  DEFAULT_MAX_LIFETIME,
  isObject,
  type SettingName,
} from './rules.ts';
import type { Ec2Settings, FleetSettings, TemplateReference } from './settings.ts';

/** The text of a file with settings, and its name. */
export interface SettingsText {
  readonly text: string;
  readonly file: string;
}

/** What is known besides the settings. */
export interface Surroundings {
  /** Of a file that names them, in the place of the setting ssh.hosts. */
  readonly machines?: (HostsFile & { readonly where: string }) | null;
  readonly aws?: AwsSurroundings;
}

/**
 * The settings of a file with what flags and the environment say laid over them. Pure.
 * @param over `where` names the flag or the variable
 * @returns a line for each mistake when there is one; all of them are looked for
 */
export function buildSettings(
  source: SettingsText | null,
  over: Settings,
  purpose: Purpose,
  { machines = null, aws = { knowsRegion: false, problem: null } }: Surroundings = {},
): { settings: FleetSettings } | { mistakes: string[] } {
  const read =
    source === null ? { settings: new Map(), mistakes: [] } : readSettings(source.text, source.file);
  const mistakes = [...read.mistakes];
  if (machines !== null) mistakes.push(...machines.mistakes);
  const usable = new Map<SettingName, Setting>();
  const wrong = new Set<SettingName>();
  for (const [name, setting] of new Map<SettingName, Setting>([...read.settings, ...over])) {
    const mistake = mistakeIn(name, setting.value);
    if (mistake === null) usable.set(name, setting);
    else wrong.add(name);
    if (mistake !== null) mistakes.push(`${setting.where}: ${mistake}`);
  }
  if (machines !== null) usable.set('ssh.hosts', { value: machines.hosts, where: machines.where });
  if (machines !== null && machines.mistakes.length > 0) wrong.add('ssh.hosts');
  const whole = source?.file ?? 'the settings';
  if (!usable.has('name') && !wrong.has('name')) mistakes.push(`${whole}: ${NO_NAME}`);
  const settings = assemble(usable);
  if (machines !== null && settings.provider !== 'ssh' && !wrong.has('provider')) {
    mistakes.push(`${machines.where}: it names machines for ssh, and provider is ${settings.provider}`);
  }
  // What a wrong value was meant to be is not known, so nothing is said of what goes with it.
  const unclear = wrong.has('provider') || wrong.has('ec2.launch_template');
  for (const { setting, message } of unclear ? [] : checkTogether(settings, purpose, aws)) {
    if (!wrong.has(setting)) mistakes.push(`${usable.get(setting)?.where ?? whole}: ${setting} ${message}`);
  }
  return mistakes.length > 0 ? { mistakes } : { settings };
}

const NO_NAME =
  'name is missing; expected 1 to 40 letters and digits, by which all hosts of the fleet are found';

function assemble(all: Settings): FleetSettings {
  const get = <T>(name: SettingName, otherwise: T): T => (all.get(name)?.value as T | undefined) ?? otherwise;
  const template = get<string | null>('ec2.launch_template', null);
  const ec2: Ec2Settings = {
    region: get<string | null>('ec2.region', null),
    subnets: get<string[]>('ec2.subnets', []),
    securityGroups: get<string[]>('ec2.security_groups', []),
    instanceTypes: get<string[]>('ec2.instance_types', []),
    image: get<string | null>('ec2.image', null),
    volume: {
      sizeGib: get<number | null>('ec2.volume.size_gib', null),
      type: get<string | null>('ec2.volume.type', null),
      iops: get<number | null>('ec2.volume.iops', null),
      throughput: get<number | null>('ec2.volume.throughput', null),
      device: get<string | null>('ec2.volume.device', null),
    },
    instanceProfile: get<string | null>('ec2.instance_profile', null),
    keyName: get<string | null>('ec2.key_name', null),
    spotShare: get('ec2.spot_share', 0),
    priceCap: get<number | null>('ec2.price_cap', null),
    launchTemplate: template === null ? null : templateReference(template),
    tags: get<Record<string, string>>('ec2.tags', {}),
    fetchPrices: get('ec2.fetch_prices', false),
  };
  return {
    name: get('name', ''),
    provider: get<ProviderName>('provider', 'ec2'),
    orchestrator: get<string | null>('orchestrator', null),
    budget: get<number | null>('budget', null),
    maxHosts: get('max_hosts', DEFAULT_MAX_HOSTS),
    idleAfterSeconds: seconds(get('idle_after', DEFAULT_IDLE_AFTER)),
    prices: Object.entries(get<Record<string, unknown>>('prices', {})).flatMap(pricePoints),
    work: {
      idleSeconds: seconds(get('work.idle_timeout', DEFAULT_IDLE_TIMEOUT)),
      lifetimeSeconds: seconds(get('work.max_lifetime', DEFAULT_MAX_LIFETIME)),
      flags: get<string[]>('work.flags', []),
    },
    ec2,
    ssh: { hosts: get<string[]>('ssh.hosts', []), options: get<string[]>('ssh.options', []) },
    local: { workers: get('local.workers', 1) },
  };
}

/** What the rules have let through is a length of time. */
function seconds(text: string): number {
  return (parseDuration(text) ?? 0) / 1000;
}

function pricePoints([type, price]: [string, unknown]): PricePoint[] {
  if (typeof price === 'number') return [{ type, purchase: null, pricePerHour: price }];
  return Object.entries(isObject(price) ? price : {}).map(([purchase, pricePerHour]) => ({
    type,
    purchase: purchase === 'spot' ? 'spot' : 'on-demand',
    pricePerHour: Number(pricePerHour),
  }));
}

function templateReference(text: string): TemplateReference {
  const [idOrName = '', version = '$Default'] = text.split(':');
  return { idOrName, version };
}
