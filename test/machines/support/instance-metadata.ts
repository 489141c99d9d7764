import type { ImdsStandIn } from '../../support/imds/index.ts';
import type { Instance } from '../../support/ec2-server/cloud.ts';
import { ADDRESS, MAC } from './qemu-words.ts';

/** Gives the metadata service what EC2's own has for an instance: what cloud-init and the worker look at. */
export function describeInstance(imds: ImdsStandIn, instance: Instance, userData: string): void {
  const { id, type, zone, spot, subnet } = instance;
  const name = `ip-${ADDRESS.replaceAll('.', '-')}.eu-west-1.compute.internal`;
  const nic = `network/interfaces/macs/${MAC}`;
  const items: Record<string, string> = {
    'ami-id': 'ami-0000000a',
    'ami-launch-index': '0',
    'block-device-mapping/ami': '/dev/xvda',
    'block-device-mapping/root': '/dev/xvda',
    hostname: name,
    'instance-action': 'none',
    'instance-id': id,
    'instance-life-cycle': spot ? 'spot' : 'on-demand',
    'instance-type': type,
    'local-hostname': name,
    'local-ipv4': ADDRESS,
    mac: MAC,
    'placement/availability-zone': zone,
    'placement/region': zone.slice(0, -1),
    profile: 'default-hvm',
    'reservation-id': 'r-00000001',
    'security-groups': 'replay-hosts',
    'services/domain': 'amazonaws.com',
    'services/partition': 'aws',
    [`${nic}/device-number`]: '0',
    [`${nic}/interface-id`]: 'eni-00000001',
    [`${nic}/local-ipv4s`]: ADDRESS,
    [`${nic}/mac`]: MAC,
    [`${nic}/owner-id`]: '123456789012',
    [`${nic}/subnet-id`]: subnet,
    [`${nic}/subnet-ipv4-cidr-block`]: '169.254.0.0/16',
    [`${nic}/vpc-id`]: 'vpc-00000001',
  };
  for (const [path, value] of Object.entries(items)) imds.items.set(path, value);
  const document = {
    accountId: '123456789012',
    architecture: 'x86_64',
    availabilityZone: zone,
    imageId: 'ami-0000000a',
    instanceId: id,
    instanceType: type,
    privateIp: ADDRESS,
    region: zone.slice(0, -1),
    version: '2017-09-30',
  };
  imds.others.set('dynamic/instance-identity/document', JSON.stringify(document, null, 2));
  imds.others.set('user-data', userData);
}
