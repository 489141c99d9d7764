import { describe, expect, test } from 'vitest';
import { fleetInput, tooDear, type FleetParts } from '../../../../src/core/hosts/ec2/fleet-input.ts';
import { someEc2 } from '../support/settings.ts';

function input(fields: Partial<FleetParts> = {}) {
  return fleetInput({
    settings: someEc2(),
    subnets: ['subnet-0000000a', 'subnet-0000000b'],
    prices: [],
    count: 10,
    templateName: 'replay-eos-1',
    launchToken: 't-1',
    tags: {
      fleet: 'eos',
      run: '3',
      launchToken: 't-1',
      orchestrator: '10.0.0.5:4000',
      own: { team: 'chain' },
    },
    ...fields,
  });
}

const overrides = (fields: Partial<FleetParts>) => input(fields).LaunchTemplateConfigs?.[0]?.Overrides;

test('one request has every pair of subnet and type, a token, and the tags', () => {
  const { Type, ClientToken, LaunchTemplateConfigs, TagSpecifications } = input();
  expect({ Type, ClientToken }).toEqual({ Type: 'instant', ClientToken: 't-1' });
  expect(LaunchTemplateConfigs).toEqual([
    {
      LaunchTemplateSpecification: { LaunchTemplateName: 'replay-eos-1', Version: '1' },
      Overrides: [
        { SubnetId: 'subnet-0000000a', InstanceType: 'c7a.large' },
        { SubnetId: 'subnet-0000000a', InstanceType: 'm7a.large' },
        { SubnetId: 'subnet-0000000b', InstanceType: 'c7a.large' },
        { SubnetId: 'subnet-0000000b', InstanceType: 'm7a.large' },
      ],
    },
  ]);
  expect(TagSpecifications?.map(({ ResourceType }) => ResourceType)).toEqual(['fleet', 'instance', 'volume']);
  expect(TagSpecifications?.[1]?.Tags).toEqual([
    { Key: 'Name', Value: 'replay eos' },
    { Key: 'team', Value: 'chain' },
    { Key: 'replay:fleet', Value: 'eos' },
    { Key: 'replay:run', Value: '3' },
    { Key: 'replay:orchestrator', Value: '10.0.0.5:4000' },
    { Key: 'replay:launch', Value: 't-1' },
  ]);
});

test('a type that the settings name twice is asked for once, since EC2 refuses the same pool twice', () => {
  const settings = someEc2({ instanceTypes: ['c7a.large', 'c7a.large'] });
  expect(overrides({ settings, subnets: ['subnet-0000000a'] })).toHaveLength(1);
});

describe('the share of spot instances', () => {
  test.each([
    [0, { SpotTargetCapacity: 0, OnDemandTargetCapacity: 10, DefaultTargetCapacityType: 'on-demand' }],
    [25, { SpotTargetCapacity: 3, OnDemandTargetCapacity: 7, DefaultTargetCapacityType: 'on-demand' }],
    [100, { SpotTargetCapacity: 10, OnDemandTargetCapacity: 0, DefaultTargetCapacityType: 'spot' }],
  ])('of %i per cent', (spotShare, target) => {
    const { TargetCapacitySpecification: is } = input({ settings: someEc2({ spotShare }) });
    expect(is).toEqual({ TotalTargetCapacity: 10, ...target });
  });
});

describe('the price cap', () => {
  const prices = [
    { type: 'c7a.large', purchase: null, pricePerHour: 0.5 },
    { type: 'm7a.large', purchase: null, pricePerHour: 0.9 },
  ];

  test('leaves out types that are dearer on demand', () => {
    const settings = someEc2({ priceCap: 0.6 });
    expect(tooDear(settings, prices)).toEqual(['m7a.large']);
    expect(new Set(overrides({ settings, prices })?.map(({ InstanceType }) => InstanceType))).toEqual(
      new Set(['c7a.large']),
    );
  });

  test('of spot instances is kept by EC2', () => {
    const settings = someEc2({ priceCap: 0.6, spotShare: 100 });
    expect(overrides({ settings, prices })?.map(({ MaxPrice }) => MaxPrice)).toEqual(Array(4).fill('0.6'));
  });
});

test('what is not set is left to the launch template', () => {
  expect(overrides({ settings: someEc2({ instanceTypes: [] }), subnets: [] })).toBeUndefined();
  expect(overrides({ subnets: [] })).toEqual([{ InstanceType: 'c7a.large' }, { InstanceType: 'm7a.large' }]);
});
