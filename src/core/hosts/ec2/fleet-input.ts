import type { CreateFleetCommandInput, FleetLaunchTemplateOverridesRequest } from '@aws-sdk/client-ec2';
import type { PricePoint } from '../provider.ts';
import { priceOf } from '../prices.ts';
import type { Ec2Settings } from '../settings/settings.ts';
import { tagSpecification, type TagPlan } from './tags.ts';

export interface FleetParts {
  readonly settings: Ec2Settings;
  /** Not two of one zone. */
  readonly subnets: readonly string[];
  readonly prices: readonly PricePoint[];
  readonly count: number;
  /** Of the launch template that was made for this launch. */
  readonly templateName: string;
  readonly launchToken: string;
  readonly tags: TagPlan;
}

/**
 * One request for all hosts: EC2 places them over all pairs of subnet and type, where there is room, and says
 * of each pair that it could not use why. Pure. The token makes the request safe to send twice.
 */
export function fleetInput(parts: FleetParts): CreateFleetCommandInput {
  const { settings, count, templateName, launchToken, tags } = parts;
  const spot = Math.round((count * settings.spotShare) / 100);
  const overrides = overridesOf(parts);
  return {
    Type: 'instant',
    ClientToken: launchToken,
    LaunchTemplateConfigs: [
      {
        LaunchTemplateSpecification: { LaunchTemplateName: templateName, Version: '1' },
        ...(overrides.length === 0 ? {} : { Overrides: overrides }),
      },
    ],
    TargetCapacitySpecification: {
      TotalTargetCapacity: count,
      SpotTargetCapacity: spot,
      OnDemandTargetCapacity: count - spot,
      DefaultTargetCapacityType: spot === count ? 'spot' : 'on-demand',
    },
    ...(spot === 0 ? {} : { SpotOptions: { AllocationStrategy: 'price-capacity-optimized' as const } }),
    ...(spot === count ? {} : { OnDemandOptions: { AllocationStrategy: 'lowest-price' as const } }),
    // The volumes have them from the launch template, too; a policy may look at either.
    TagSpecifications: (['fleet', 'instance', 'volume'] as const).map((type) => tagSpecification(type, tags)),
  };
}

/** Types that are not asked for: their price on demand is above the cap, or not known. */
export function tooDear(settings: Ec2Settings, prices: readonly PricePoint[]): string[] {
  const { priceCap, instanceTypes, spotShare } = settings;
  if (priceCap === null || spotShare === 100) return [];
  return instanceTypes.filter(
    (type) => (priceOf(prices, { type, purchase: 'on-demand' }) ?? Infinity) > priceCap,
  );
}

function overridesOf({ settings, subnets, prices }: FleetParts): FleetLaunchTemplateOverridesRequest[] {
  const { instanceTypes, priceCap, spotShare } = settings;
  const left = new Set(tooDear(settings, prices));
  // EC2 refuses a pair that is there twice.
  const types = [...new Set(instanceTypes)].filter((type) => !left.has(type));
  // The cap of a spot host is kept by EC2, which ends it when its price passes that.
  const cap = priceCap === null || spotShare === 0 ? {} : { MaxPrice: String(priceCap) };
  return orNone(subnets).flatMap((subnet) =>
    orNone(types).flatMap((type) => {
      if (subnet === null && type === null && cap.MaxPrice === undefined) return [];
      return {
        ...(subnet === null ? {} : { SubnetId: subnet }),
        ...(type === null ? {} : { InstanceType: type as 'c7a.4xlarge' }),
        ...cap,
      };
    }),
  );
}

/** What is not set is left to the launch template. */
function orNone(values: readonly string[]): readonly (string | null)[] {
  return values.length === 0 ? [null] : values;
}
