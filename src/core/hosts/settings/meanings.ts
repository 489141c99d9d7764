import {
  DEFAULT_IDLE_AFTER,
  DEFAULT_IDLE_TIMEOUT,
  DEFAULT_MAX_HOSTS,
  DEFAULT_MAX_LIFETIME,
  type SettingName,
} from './rules.ts';

/** In Markdown, as docs/aws.md has it. */
interface Meaning {
  readonly says: string;
  readonly unlessSet: string;
}

const OF_TEMPLATE = "the launch template's";

/** What each setting says. */
export const MEANINGS: Readonly<Record<SettingName, Meaning>> = {
  name: {
    says: 'the name of the fleet; nobody else in the account and region may use it',
    unlessSet: 'required',
  },
  provider: { says: '`ec2`, `ssh` or `local`', unlessSet: '`ec2`' },
  orchestrator: { says: 'its address as the hosts reach it', unlessSet: 'the one of `--orchestrator`' },
  budget: { says: 'US dollars for the run', unlessSet: 'no limit' },
  max_hosts: { says: 'hosts at one time', unlessSet: `${DEFAULT_MAX_HOSTS}` },
  idle_after: {
    says: 'how long a host has no job before it may be stopped: `2m`',
    unlessSet: `\`${DEFAULT_IDLE_AFTER}\``,
  },
  prices: { says: 'US dollars an hour by type', unlessSet: 'not known' },
  'work.idle_timeout': {
    says: 'a host ends itself after so long without work',
    unlessSet: `\`${DEFAULT_IDLE_TIMEOUT}\``,
  },
  'work.max_lifetime': { says: 'a host ends itself at this age', unlessSet: `\`${DEFAULT_MAX_LIFETIME}\`` },
  'work.flags': { says: 'further flags of `replay work`', unlessSet: 'none' },
  'ec2.region': { says: 'the region in which the hosts are', unlessSet: "`AWS_REGION`, or the profile's" },
  'ec2.subnets': {
    says: 'where hosts may be; several zones give EC2 a choice. Of one zone the subnet with the most free addresses is used',
    unlessSet: OF_TEMPLATE,
  },
  'ec2.security_groups': {
    says: 'security groups of the hosts, in the VPC of the subnets',
    unlessSet: OF_TEMPLATE,
  },
  'ec2.instance_types': { says: 'any of which will do', unlessSet: OF_TEMPLATE },
  'ec2.image': { says: '`ami-…`, or `resolve:ssm:` and the name of a parameter', unlessSet: OF_TEMPLATE },
  'ec2.volume.size_gib': { says: 'size of the disk', unlessSet: "the image's" },
  'ec2.volume.type': {
    says: '`gp3`, `gp2`, `io2`, `io1`, `st1`, `sc1`',
    unlessSet: '`gp3` when the size is set',
  },
  'ec2.volume.iops': { says: 'input and output operations a second', unlessSet: 'what EC2 gives' },
  'ec2.volume.throughput': { says: 'MiB a second', unlessSet: 'what EC2 gives' },
  'ec2.volume.device': {
    says: "name of the device; another than the image's root device is a second disk",
    unlessSet: "the image's root device",
  },
  'ec2.instance_profile': { says: 'name or ARN', unlessSet: "the launch template's, or none" },
  'ec2.key_name': { says: 'key pair, to reach hosts by ssh', unlessSet: 'none' },
  'ec2.spot_share': { says: 'per cent of spot instances', unlessSet: '0' },
  'ec2.price_cap': { says: 'US dollars an hour for one host', unlessSet: 'no limit' },
  'ec2.launch_template': {
    says: 'id or name, with `:` and a version: what the settings leave out is taken from it. Its user data is replaced',
    unlessSet: 'none',
  },
  'ec2.fetch_prices': { says: 'ask AWS for prices that `prices` does not have', unlessSet: '`false`' },
  'ec2.tags': { says: 'tags of your own', unlessSet: 'none' },
  'ssh.hosts': { says: 'machines for `--provider ssh`', unlessSet: 'none' },
  'ssh.options': { says: 'arguments of ssh, such as `-i` and a file', unlessSet: 'none' },
  'local.workers': { says: 'workers for `--provider local`', unlessSet: '1' },
};
