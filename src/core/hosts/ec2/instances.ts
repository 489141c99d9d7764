import type { CreateFleetInstance, Instance } from '@aws-sdk/client-ec2';
import { priceOf } from '../prices.ts';
import type { HostState, PricePoint, ProvidedHost } from '../provider.ts';
import { ORCHESTRATOR_TAG, RUN_TAG, tagOf, type TagPlan } from './tags.ts';

/** EC2's states (docs: InstanceState) as ours. */
const STATES: Readonly<Record<string, HostState>> = {
  pending: 'starting',
  running: 'running',
  'shutting-down': 'stopping',
  stopping: 'stopped',
  stopped: 'stopped',
  terminated: 'ended',
};

/** An instance as DescribeInstances tells it. Pure. */
export function hostOfInstance(instance: Instance, prices: readonly PricePoint[]): ProvidedHost {
  const type = instance.InstanceType ?? null;
  const purchase = instance.InstanceLifecycle === 'spot' ? 'spot' : 'on-demand';
  const reason = instance.StateTransitionReason || instance.StateReason?.Message || null;
  const zone = instance.Placement?.AvailabilityZone ?? null;
  const ended = /\((\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) GMT\)/.exec(instance.StateTransitionReason ?? '');
  return {
    id: instance.InstanceId ?? '',
    state: STATES[instance.State?.Name ?? ''] ?? 'running',
    launchedAt: instance.LaunchTime?.getTime() ?? null,
    endedAt: ended === null ? null : Date.parse(`${ended[1]}T${ended[2]}Z`),
    type,
    zone,
    purchase,
    pricePerHour: priceOf(prices, { type, purchase, zone }),
    address: instance.PublicIpAddress ?? instance.PrivateIpAddress ?? null,
    run: tagOf(instance.Tags, RUN_TAG),
    orchestrator: tagOf(instance.Tags, ORCHESTRATOR_TAG),
    workerId: null,
    reason,
  };
}

/** Instances as the answer to CreateFleet tells them, before DescribeInstances knows them. Pure. */
export function hostsOfAnswer(
  answer: readonly CreateFleetInstance[],
  known: {
    prices: readonly PricePoint[];
    zones: ReadonlyMap<string, string>;
    tags: Pick<TagPlan, 'run' | 'orchestrator'>;
    now: number;
  },
): ProvidedHost[] {
  return answer.flatMap((group) => {
    const type = group.InstanceType ?? null;
    const purchase = group.Lifecycle === 'spot' ? 'spot' : 'on-demand';
    const overrides = group.LaunchTemplateAndOverrides?.Overrides;
    const subnet = group.SubnetId ?? overrides?.SubnetId ?? '';
    const zone = group.AvailabilityZone ?? overrides?.AvailabilityZone ?? known.zones.get(subnet) ?? null;
    return (group.InstanceIds ?? []).map((id): ProvidedHost => ({
      id,
      state: 'starting',
      launchedAt: known.now,
      endedAt: null,
      type,
      zone,
      purchase,
      pricePerHour: priceOf(known.prices, { type, purchase, zone }),
      address: null,
      run: known.tags.run,
      orchestrator: known.tags.orchestrator,
      workerId: null,
      reason: null,
    }));
  });
}
