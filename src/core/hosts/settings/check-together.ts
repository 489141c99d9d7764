import { dearest } from '../dearest.ts';
import type { FleetSettings } from './settings.ts';
import type { SettingName } from './rules.ts';

/**
 * What settings are for: to find hosts, only what finds them has to be there; `serve` launches them later, when
 * nobody is there to be asked.
 */
export type Purpose = 'find' | 'launch' | 'serve';

/** What is known of AWS without asking it. */
export interface AwsSurroundings {
  /** The environment or the profile says a region. */
  readonly knowsRegion: boolean;
  /** Why it cannot be asked in any region; null: nothing is known against it. */
  readonly problem: string | null;
}

/** A mistake that shows only when settings are looked at together, and the setting to be changed. */
export interface Contradiction {
  readonly setting: SettingName;
  readonly message: string;
}

/**
 * Whether settings that are right by themselves make a fleet that can be had. Pure.
 * @param aws what the environment and the profile say; only looked at for `serve`
 */
export function checkTogether(
  settings: FleetSettings,
  purpose: Purpose,
  aws: AwsSurroundings,
): Contradiction[] {
  const found: Contradiction[] = [];
  const wrong = (setting: SettingName, message: string): void => void found.push({ setting, message });
  const { provider, ssh } = settings;
  if (provider === 'ssh' && ssh.hosts.length === 0) wrong('ssh.hosts', 'names no host, and provider is ssh');
  const twice = ssh.hosts.filter((host, at) => ssh.hosts.indexOf(host) < at);
  if (twice.length > 0) wrong('ssh.hosts', `names ${[...new Set(twice)].join(', ')} more than once`);
  if (provider === 'ec2' && purpose !== 'find') checkEc2(settings, wrong);
  if (purpose === 'serve') checkServed(settings, wrong, aws);
  return found;
}

/** Nobody is there to mend it when the first host is to be launched, hours later perhaps. */
function checkServed(
  settings: FleetSettings,
  wrong: (setting: SettingName, message: string) => void,
  { knowsRegion, problem }: AwsSurroundings,
): void {
  const { provider, orchestrator, budget, ec2 } = settings;
  if (provider !== 'local' && orchestrator === null) {
    wrong('orchestrator', 'is missing: how the hosts reach this orchestrator (or --advertised-orchestrator)');
  }
  if (provider !== 'ec2') return;
  if (problem !== null) wrong('provider', `is ec2, which cannot be asked: ${problem}`);
  if (ec2.region === null && !knowsRegion) wrong('ec2.region', 'is missing, and AWS_REGION is not set');
  if (budget !== null && !ec2.fetchPrices && dearest(settings) === null) {
    wrong(
      'budget',
      'cannot be kept: prices does not have that of every type, and ec2.fetch_prices is not set',
    );
  }
}

function checkEc2(
  { ec2, prices }: FleetSettings,
  wrong: (setting: SettingName, message: string) => void,
): void {
  const { volume } = ec2;
  if (ec2.launchTemplate === null) {
    const reason = 'is needed unless ec2.launch_template is set';
    if (ec2.image === null) wrong('ec2.image', reason);
    if (ec2.instanceTypes.length === 0) wrong('ec2.instance_types', `is empty; at least one type ${reason}`);
    if (ec2.subnets.length === 0) wrong('ec2.subnets', `is empty; at least one subnet ${reason}`);
  }
  if (ec2.subnets.length * ec2.instanceTypes.length > MAX_OVERRIDES) {
    wrong(
      'ec2.instance_types',
      `has ${ec2.instanceTypes.length} types for ${ec2.subnets.length} subnets; EC2 takes ${MAX_OVERRIDES} pairs`,
    );
  }
  if (volume.iops !== null && !['gp3', 'io1', 'io2'].includes(volume.type ?? 'gp3')) {
    wrong('ec2.volume.iops', `cannot be set for volumes of type ${volume.type}`);
  }
  if (volume.throughput !== null && (volume.type ?? 'gp3') !== 'gp3') {
    wrong('ec2.volume.throughput', `cannot be set for volumes of type ${volume.type}`);
  }
  if (['io1', 'io2'].includes(volume.type ?? '') && volume.iops === null) {
    wrong('ec2.volume.iops', `is needed for volumes of type ${volume.type}`);
  }
  if (ec2.priceCap === null || ec2.spotShare === 100) return;
  if (ec2.instanceTypes.length === 0) {
    wrong('ec2.price_cap', 'cannot be kept on demand without ec2.instance_types: the types are not known');
  }
  if (ec2.fetchPrices) return;
  const unknown = ec2.instanceTypes.filter(
    (type) => !prices.some((point) => point.type === type && point.purchase !== 'spot'),
  );
  if (unknown.length > 0) {
    wrong(
      'ec2.price_cap',
      `cannot be kept: prices does not have the on-demand price of ${unknown.join(', ')}, and ec2.fetch_prices is not set`,
    );
  }
}

/** Of a CreateFleet request, by EC2's quotas. */
const MAX_OVERRIDES = 300;
