import type { Tag, TagSpecification } from '@aws-sdk/client-ec2';

/** On every instance, volume and launch template: the name of the fleet. What does not carry it is never touched. */
export const FLEET_TAG = 'replay:fleet';
/** The number of the run that a host was started for. */
export const RUN_TAG = 'replay:run';
/** Address of the orchestrator that a host was started for. */
export const ORCHESTRATOR_TAG = 'replay:orchestrator';
/** The token of the launch that started a host. */
export const LAUNCH_TAG = 'replay:launch';

export function tagOf(tags: readonly Tag[] | undefined, key: string): string | null {
  return tags?.find(({ Key }) => Key === key)?.Value ?? null;
}

/** Whether it belongs to the fleet. EC2 is asked for nothing else; this looks again at what it answered. */
export function isOfFleet({ Tags }: { Tags?: Tag[] | undefined }, fleet: string): boolean {
  return tagOf(Tags, FLEET_TAG) === fleet;
}

export function fleetFilter(fleet: string): { Name: string; Values: string[] } {
  return { Name: `tag:${FLEET_TAG}`, Values: [fleet] };
}

export interface TagPlan {
  readonly fleet: string;
  readonly run: string | null;
  readonly launchToken: string | null;
  readonly orchestrator: string | null;
  /** The user's own. */
  readonly own: Readonly<Record<string, string>>;
}

export function tagList({ fleet, run, launchToken, orchestrator, own }: TagPlan): Tag[] {
  return Object.entries({
    Name: `replay ${fleet}`,
    ...own,
    [FLEET_TAG]: fleet,
    ...(run === null ? {} : { [RUN_TAG]: run }),
    ...(orchestrator === null ? {} : { [ORCHESTRATOR_TAG]: orchestrator }),
    ...(launchToken === null ? {} : { [LAUNCH_TAG]: launchToken }),
  }).map(([Key, Value]) => ({ Key, Value }));
}

export function tagSpecification(
  type: NonNullable<TagSpecification['ResourceType']>,
  plan: TagPlan,
): TagSpecification {
  return { ResourceType: type, Tags: tagList(plan) };
}
