import { Flags } from '@oclif/core';
import { MAX_PRICE } from '../../core/domain/cost.ts';
import { PROVIDER_NAMES } from '../../core/hosts/provider.ts';
import type { SettingName } from '../../core/hosts/settings/rules.ts';

const many = { multiple: true, multipleNonGreedy: true } as const;

/** Which fleet, and where it is: what finding hosts needs. */
export const fleetFlags = {
  fleet: Flags.string({
    description: 'file with the settings of the fleet; fleet.json where there is one (`replay hosts init`)',
    env: 'REPLAY_FLEET',
    helpValue: 'FILE',
  }),
  'fleet-name': Flags.string({
    description: 'name of the fleet, by which its hosts are found (setting: name)',
    env: 'REPLAY_FLEET_NAME',
    helpValue: 'NAME',
  }),
  provider: Flags.option({
    options: PROVIDER_NAMES,
    description: 'where the hosts come from (setting: provider; ec2 unless set)',
    env: 'REPLAY_PROVIDER',
  })(),
  region: Flags.string({
    description: 'region of AWS (setting: ec2.region)',
    env: 'REPLAY_REGION',
    helpValue: 'REGION',
  }),
  'hosts-file': Flags.string({
    description:
      'file that names the machines of provider ssh, one a line (in the place of the setting ssh.hosts)',
    env: 'REPLAY_HOSTS_FILE',
    helpValue: 'FILE',
  }),
  'state-dir': Flags.string({
    description: 'where launches are written down before they are asked for',
    env: 'REPLAY_STATE_DIR',
    helpValue: 'DIR',
  }),
};

/** What hosts are to be like: what launching needs. */
export const launchFlags = {
  'advertised-orchestrator': Flags.string({
    description: 'address of the orchestrator as the hosts reach it (setting: orchestrator)',
    env: 'REPLAY_ADVERTISED_ORCHESTRATOR',
    helpValue: 'ADDRESS',
  }),
  budget: Flags.string({
    description: 'US dollars for the whole run; what would pass them is not launched (setting: budget)',
    env: 'REPLAY_BUDGET',
    helpValue: 'USD',
  }),
  'max-hosts': Flags.integer({
    description: 'hosts of the fleet at one time (setting: max_hosts; 20 unless set)',
    env: 'REPLAY_MAX_HOSTS',
    helpValue: 'N',
    min: 1,
  }),
  subnet: Flags.string({
    description: 'subnet to launch in (repeatable; setting: ec2.subnets)',
    env: 'REPLAY_SUBNET',
    helpValue: 'ID',
    ...many,
  }),
  'security-group': Flags.string({
    description: 'security group of the hosts (repeatable; setting: ec2.security_groups)',
    env: 'REPLAY_SECURITY_GROUP',
    helpValue: 'ID',
    ...many,
  }),
  'instance-type': Flags.string({
    description: 'type of instance (repeatable; setting: ec2.instance_types)',
    env: 'REPLAY_INSTANCE_TYPE',
    helpValue: 'TYPE',
    ...many,
  }),
  image: Flags.string({
    description: 'image of the hosts (setting: ec2.image)',
    env: 'REPLAY_IMAGE',
    helpValue: 'AMI',
  }),
  'volume-size': Flags.integer({
    description: 'size of the disk (setting: ec2.volume.size_gib)',
    env: 'REPLAY_VOLUME_SIZE',
    helpValue: 'GIB',
  }),
  'idle-timeout': Flags.string({
    description: 'a host ends after this time without a job (setting: work.idle_timeout; 15m unless set)',
    env: 'REPLAY_IDLE_TIMEOUT',
    helpValue: 'DURATION',
  }),
  'max-lifetime': Flags.string({
    description:
      'a host ends at this age, also in the middle of a job (setting: work.max_lifetime; 7d unless set)',
    env: 'REPLAY_MAX_LIFETIME',
    helpValue: 'DURATION',
  }),
  'instance-profile': Flags.string({
    description: 'instance profile with the role of the hosts (setting: ec2.instance_profile)',
    env: 'REPLAY_INSTANCE_PROFILE',
    helpValue: 'NAME',
  }),
  'spot-share': Flags.integer({
    description: 'per cent of the hosts that are spot instances (setting: ec2.spot_share)',
    env: 'REPLAY_SPOT_SHARE',
    helpValue: 'PERCENT',
  }),
  'price-cap': Flags.string({
    description: `US dollars an hour that one host may cost, at most ${MAX_PRICE} (setting: ec2.price_cap)`,
    env: 'REPLAY_PRICE_CAP',
    helpValue: 'USD',
  }),
  'launch-template': Flags.string({
    description: 'launch template that says what the settings do not (setting: ec2.launch_template)',
    env: 'REPLAY_LAUNCH_TEMPLATE',
    helpValue: 'ID',
  }),
};

/** Which setting a flag stands for. */
export const SETTING_OF_FLAG: Readonly<Record<string, SettingName>> = {
  'fleet-name': 'name',
  provider: 'provider',
  region: 'ec2.region',
  'advertised-orchestrator': 'orchestrator',
  budget: 'budget',
  'max-hosts': 'max_hosts',
  'idle-timeout': 'work.idle_timeout',
  'max-lifetime': 'work.max_lifetime',
  subnet: 'ec2.subnets',
  'security-group': 'ec2.security_groups',
  'instance-type': 'ec2.instance_types',
  image: 'ec2.image',
  'volume-size': 'ec2.volume.size_gib',
  'instance-profile': 'ec2.instance_profile',
  'spot-share': 'ec2.spot_share',
  'price-cap': 'ec2.price_cap',
  'launch-template': 'ec2.launch_template',
};

export const dryRunFlag = Flags.boolean({
  description: 'ask whether it may be done, print what would be asked, and do nothing',
});

export const yesFlag = Flags.boolean({ char: 'y', description: 'do not ask before it is done' });
