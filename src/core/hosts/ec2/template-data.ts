import { createHash } from 'node:crypto';
import type { RequestLaunchTemplateData, ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { Ec2Settings, Ec2Volume } from '../settings/settings.ts';
import { tagList, type TagPlan } from './tags.ts';

export interface TemplateParts {
  readonly settings: Ec2Settings;
  /** What is not set is taken from here: a launch template of the user's; null: there is none. */
  readonly base: ResponseLaunchTemplateData | null;
  /** Name of the root device, when the volume is set. */
  readonly device: string;
  /** As text. */
  readonly userData: string;
  readonly tags: TagPlan;
}

/**
 * What a launch template has to say for the hosts of a fleet. Pure. EC2 takes fleets of type `instant` with a
 * launch template only, so that one is made for each launch.
 */
export function templateData({
  settings,
  base,
  device,
  userData,
  tags,
}: TemplateParts): RequestLaunchTemplateData {
  const { image, instanceProfile, keyName, securityGroups } = settings;
  // What an answer says has the same form as what a request says.
  const from = (base ?? {}) as RequestLaunchTemplateData;
  const interfaces = from.NetworkInterfaces ?? [];
  const groups = [...securityGroups];
  return {
    ...from,
    ...(image === null ? {} : { ImageId: image }),
    ...(keyName === null ? {} : { KeyName: keyName }),
    ...(instanceProfile === null ? {} : { IamInstanceProfile: profileOf(instanceProfile) }),
    ...(groups.length === 0 ? {} : groupsOf(groups, interfaces)),
    ...volumeOf(settings.volume, device, from),
    // Only the second version of the metadata service, which a proxy on the host cannot be talked into asking.
    MetadataOptions: { ...from.MetadataOptions, HttpEndpoint: 'enabled', HttpTokens: 'required' },
    // A host that switches itself off is gone, and is not paid for.
    InstanceInitiatedShutdownBehavior: 'terminate',
    UserData: Buffer.from(userData).toString('base64'),
    TagSpecifications: [
      ...(from.TagSpecifications ?? []).filter(({ ResourceType }) => !isTagged(ResourceType)),
      ...TAGGED.map((type) => ({ ResourceType: type, Tags: tagList(tags) })),
    ],
  };
}

/** With the tags of the user's own template for anything else. */
const TAGGED = ['instance', 'volume'] as const;

function isTagged(type: string | undefined): boolean {
  return (TAGGED as readonly unknown[]).includes(type);
}

/** The name follows from the content: made twice, it is the same template. */
export function templateName(fleet: string, data: RequestLaunchTemplateData): string {
  const hash = createHash('sha256').update(JSON.stringify(data)).digest('hex');
  return `replay-${fleet}-${hash.slice(0, 20)}`;
}

function profileOf(profile: string): { Arn?: string; Name?: string } {
  return profile.startsWith('arn:') ? { Arn: profile } : { Name: profile };
}

/** A template with network interfaces takes its groups there and nowhere else. */
function groupsOf(
  groups: string[],
  interfaces: NonNullable<RequestLaunchTemplateData['NetworkInterfaces']>,
): Partial<RequestLaunchTemplateData> {
  if (interfaces.length === 0) return { SecurityGroupIds: groups };
  return { NetworkInterfaces: interfaces.map((one) => ({ ...one, Groups: groups })) };
}

function volumeOf(
  { sizeGib, type, iops, throughput }: Ec2Volume,
  device: string,
  { BlockDeviceMappings = [] }: RequestLaunchTemplateData,
): Partial<RequestLaunchTemplateData> {
  if ([sizeGib, type, iops, throughput].every((value) => value === null)) return {};
  const others = BlockDeviceMappings.filter(({ DeviceName }) => DeviceName !== device);
  const same = BlockDeviceMappings.find(({ DeviceName }) => DeviceName === device);
  const ebs = {
    ...same?.Ebs,
    ...(sizeGib === null ? {} : { VolumeSize: sizeGib }),
    VolumeType: (type ?? 'gp3') as 'gp3',
    ...(iops === null ? {} : { Iops: iops }),
    ...(throughput === null ? {} : { Throughput: throughput }),
    // A volume that outlives its host is paid for.
    DeleteOnTermination: true,
  };
  return { BlockDeviceMappings: [...others, { DeviceName: device, Ebs: ebs }] };
}
