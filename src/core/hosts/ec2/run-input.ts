import type {
  CreateFleetCommandInput,
  RequestLaunchTemplateData,
  RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';

/**
 * One host of each kind of a fleet, as RunInstances is asked for it: CreateFleet's own dry run does not look at
 * the rights to run instances, and a spot instance needs more of them. Pure.
 */
export function runInputs(
  data: RequestLaunchTemplateData,
  fleet: CreateFleetCommandInput,
): RunInstancesCommandInput[] {
  const { TotalTargetCapacity: total = 0, SpotTargetCapacity: spot = 0 } =
    fleet.TargetCapacitySpecification ?? {};
  const one = runInput(data, fleet);
  const onSpot = { ...one, InstanceMarketOptions: { MarketType: 'spot' as const } };
  return [...(total > spot ? [one] : []), ...(spot > 0 ? [onSpot] : [])];
}

/**
 * A launch template and a request to run say the same in the same words, but that a request with network
 * interfaces takes the subnet with the first of them, and nowhere else.
 */
function runInput(data: RequestLaunchTemplateData, fleet: CreateFleetCommandInput): RunInstancesCommandInput {
  const { InstanceType, SubnetId } = fleet.LaunchTemplateConfigs?.[0]?.Overrides?.[0] ?? {};
  const [first, ...others] = data.NetworkInterfaces ?? [];
  const where =
    first === undefined ? { SubnetId } : { NetworkInterfaces: [{ ...first, SubnetId }, ...others] };
  return {
    ...data,
    ...(InstanceType === undefined ? {} : { InstanceType }),
    ...(SubnetId === undefined ? {} : where),
    MinCount: 1,
    MaxCount: 1,
  } as RunInstancesCommandInput;
}
