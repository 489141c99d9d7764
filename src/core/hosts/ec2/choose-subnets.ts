import type { Subnet } from '@aws-sdk/client-ec2';

/**
 * The zone of each subnet that a fleet is asked for in: EC2 Fleet refuses two of one zone ("duplicate instance
 * pools"), so that of those the one with the most free addresses is taken. Pure.
 * @returns by the id of the subnet, in the order of the settings
 */
export function chooseSubnets(order: readonly string[], subnets: readonly Subnet[]): Map<string, string> {
  const roomiest = new Map<string, Subnet>();
  for (const id of order) {
    const subnet = subnets.find(({ SubnetId }) => SubnetId === id);
    if (subnet === undefined) continue;
    const { AvailabilityZone: zone = '' } = subnet;
    const before = roomiest.get(zone);
    if (before === undefined || free(subnet) > free(before)) roomiest.set(zone, subnet);
  }
  return new Map(Array.from(roomiest, ([zone, { SubnetId = '' }]) => [SubnetId, zone]));
}

function free({ AvailableIpAddressCount = 0 }: Subnet): number {
  return AvailableIpAddressCount;
}
