import { expect, test } from 'vitest';
import { runInputs } from '../../../../src/core/hosts/ec2/run-input.ts';

const fleet = {
  LaunchTemplateConfigs: [
    { Overrides: [{ SubnetId: 'subnet-0000000a', InstanceType: 'c7a.large' as const }] },
  ],
  TargetCapacitySpecification: { TotalTargetCapacity: 5 },
};

test('one host is asked for, of the first type in the first subnet', () => {
  const data = { ImageId: 'ami-0000000a', SecurityGroupIds: ['sg-0000000a'] };
  expect(runInputs(data, fleet)).toEqual([
    {
      ImageId: 'ami-0000000a',
      SecurityGroupIds: ['sg-0000000a'],
      InstanceType: 'c7a.large',
      SubnetId: 'subnet-0000000a',
      MinCount: 1,
      MaxCount: 1,
    },
  ]);
});

test('with network interfaces the subnet stands in the first, since EC2 takes it nowhere else', () => {
  const NetworkInterfaces = [
    { DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: ['sg-0000000a'] },
    { DeviceIndex: 1, Groups: ['sg-0000000b'] },
  ];
  const [input] = runInputs({ NetworkInterfaces }, fleet);
  expect(input).not.toHaveProperty('SubnetId');
  expect(input?.NetworkInterfaces).toEqual([
    { ...NetworkInterfaces[0], SubnetId: 'subnet-0000000a' },
    NetworkInterfaces[1],
  ]);
});

test('what the fleet leaves to the launch template stays as that says', () => {
  const data = { InstanceType: 'm7a.large' as const, NetworkInterfaces: [{ SubnetId: 'subnet-0000000b' }] };
  const [input] = runInputs(data, { ...fleet, LaunchTemplateConfigs: [{}] });
  expect(input).toEqual({ ...data, MinCount: 1, MaxCount: 1 });
});

test.each([
  [0, [undefined]],
  [2, [undefined, 'spot']],
  [5, ['spot']],
])('with %i spot instances of 5 each kind is asked for', (SpotTargetCapacity, kinds) => {
  const TargetCapacitySpecification = { TotalTargetCapacity: 5, SpotTargetCapacity };
  const inputs = runInputs({}, { ...fleet, TargetCapacitySpecification });
  expect(inputs.map(({ InstanceMarketOptions }) => InstanceMarketOptions?.MarketType)).toEqual(kinds);
});
