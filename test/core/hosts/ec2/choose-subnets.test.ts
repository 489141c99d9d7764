import { expect, test } from 'vitest';
import { chooseSubnets } from '../../../../src/core/hosts/ec2/choose-subnets.ts';

const subnet = (SubnetId: string, AvailabilityZone: string, AvailableIpAddressCount: number) => ({
  SubnetId,
  AvailabilityZone,
  AvailableIpAddressCount,
});

test('of the subnets of one zone the one with the most free addresses is asked for', () => {
  const order = ['subnet-1', 'subnet-2', 'subnet-3', 'subnet-4'];
  const known = [
    subnet('subnet-4', 'b', 5),
    subnet('subnet-3', 'a', 7),
    subnet('subnet-2', 'a', 200),
    subnet('subnet-1', 'a', 100),
  ];
  expect([...chooseSubnets(order, known)]).toEqual([
    ['subnet-2', 'a'],
    ['subnet-4', 'b'],
  ]);
});

test('a subnet that is named twice counts once, and no subnet is none', () => {
  expect([...chooseSubnets(['subnet-1', 'subnet-1'], [subnet('subnet-1', 'a', 1)])]).toEqual([
    ['subnet-1', 'a'],
  ]);
  expect(chooseSubnets([], [])).toEqual(new Map());
});
