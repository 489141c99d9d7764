import type { CreateFleetError } from '@aws-sdk/client-ec2';
import type { Shortfall } from '../provider.ts';

/**
 * What could not be had, once for each zone, type and reason. Pure.
 * @param zones of the subnets that were asked for
 */
export function shortfallsOf(
  errors: readonly CreateFleetError[],
  zones: ReadonlyMap<string, string>,
): Shortfall[] {
  const found = new Map<string, Shortfall>();
  for (const { LaunchTemplateAndOverrides, ErrorCode, ErrorMessage } of errors) {
    const overrides = LaunchTemplateAndOverrides?.Overrides;
    const zone = overrides?.AvailabilityZone ?? zones.get(overrides?.SubnetId ?? '') ?? null;
    const type = overrides?.InstanceType ?? null;
    const code = ErrorCode ?? 'Unknown';
    found.set([zone, type, code].join('\n'), {
      zone,
      type,
      code,
      reason: ErrorMessage ?? 'EC2 gave no reason',
    });
  }
  return Array.from(found.values()).toSorted((a, b) => sortKey(a).localeCompare(sortKey(b)));
}

function sortKey({ zone, type, code }: Shortfall): string {
  return `${zone ?? ''} ${type ?? ''} ${code}`;
}

/**
 * Reasons that may pass, or that another zone or type does not have. Everything else is a mistake of the
 * request or a missing right, and would be the same everywhere.
 */
export function isAboutCapacity({ code }: Shortfall): boolean {
  return /^(Insufficient\w*Capacity\w*|UnfulfillableCapacity|SpotMaxPriceTooLow|MaxSpotInstanceCountExceeded|VcpuLimitExceeded|InstanceLimitExceeded|Unsupported|InsufficientFreeAddressesInSubnet|RequestLimitExceeded|InternalError|Unavailable|ServiceUnavailable|Unknown)$/.test(
    code,
  );
}
