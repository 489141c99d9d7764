import { type Params, tagsFor } from '../ec2-server/params.ts';
import type { Access } from './policy.ts';

/** What the policies of docs/aws.md say in the place of the reader's own. */
export const ACCOUNT = '123456789012';

type Tags = ReadonlyMap<string, string>;

/** What is there already, as far as policies look at it. */
export interface Known {
  readonly region: string;
  /** Of an instance or a launch template, by id or name; undefined: there is none. */
  readonly tagsOf: (idOrName: string) => Tags | undefined;
}

const NEW = 'new';
const NO_TAGS: Tags = new Map();

/**
 * Everything that IAM is asked about when EC2 is asked for this (AWS's Service Authorization Reference:
 * actions, resources and condition keys for Amazon EC2). What a fleet does in the caller's name beyond that is
 * told by `runAccesses`. @param qualified `ec2:CreateFleet`
 */
export function accessesOf(qualified: string, params: Params, known: Known): Access[] {
  const action = qualified.replace(/^ec2:/u, '');
  const access = accessIn(known);
  const template = params.get('LaunchTemplateName') ?? params.get('LaunchTemplateId') ?? '';
  switch (action) {
    case 'CreateLaunchTemplate':
      return access.making(action, 'launch-template', tagsFor(params, 'launch-template'));
    case 'DeleteLaunchTemplate':
      return access.existing(action, 'launch-template', template);
    case 'TerminateInstances':
      return params.texts('InstanceId').flatMap((id) => access.existing(action, 'instance', id));
    case 'CreateFleet':
      return fleetAccesses(params, known);
    case 'RunInstances':
      return runAccesses({ request: params, override: params, tags: (type) => tagsFor(params, type) }, known);
    case 'CreateTags':
      return params
        .texts('ResourceId')
        .map((id) => access.tagging(null, 'instance', id, requestTags(params.items('Tag'))));
    default:
      return [{ action: qualified, resource: '*', context: { 'aws:RequestedRegion': known.region } }];
  }
}

function fleetAccesses(params: Params, known: Known): Access[] {
  const access = accessIn(known);
  const action = 'CreateFleet';
  const configs = params.items('LaunchTemplateConfigs');
  const templates = configs.map((config) => config.inner('LaunchTemplateSpecification'));
  const subnets = configs.flatMap((config) => config.items('Overrides')).map((one) => one.get('SubnetId'));
  return [
    ...['fleet', 'instance', 'volume'].flatMap((type) => access.making(action, type, tagsFor(params, type))),
    ...templates.flatMap((template) => {
      const id = template.get('LaunchTemplateName') ?? template.get('LaunchTemplateId') ?? '';
      return access.existing(action, 'launch-template', id);
    }),
    access.of(action, 'image', 'ami-0000000a'),
    ...subnets.flatMap((subnet) => (subnet === undefined ? [] : access.of(action, 'subnet', subnet))),
  ];
}

/** One instance, as it is asked for by a request of its own or by a fleet in the caller's name. */
export interface Run {
  /** What a request to run and the data of a launch template say in the same words. */
  readonly request: Params;
  /** Has the subnet. */
  readonly override: Params;
  readonly tags: (type: string) => Tags;
  /** Tags of the launch template that it is run by. */
  readonly template?: Tags;
  readonly spot?: boolean;
}

export function runAccesses(run: Run, known: Known): Access[] {
  const { request, override, template } = run;
  const access = accessIn(known);
  const action = 'RunInstances';
  const [networkInterface] = request.items('NetworkInterface');
  const subnet = override.get('SubnetId') ?? networkInterface?.get('SubnetId');
  const groups = [...request.texts('SecurityGroupId'), ...(networkInterface?.texts('SecurityGroupId') ?? [])];
  const isSpot = run.spot ?? request.inner('InstanceMarketOptions').get('MarketType') === 'spot';
  const key = request.get('KeyName');
  const snapshots = request.items('BlockDeviceMapping').map((one) => one.inner('Ebs').get('SnapshotId'));
  const profile = request.inner('IamInstanceProfile');
  const role = profile.get('Name') ?? profile.get('Arn')?.split('/').at(-1);
  return [
    ...['instance', 'volume'].flatMap((type) => access.making(action, type, run.tags(type))),
    access.of(action, 'network-interface', NEW),
    access.of(action, 'image', request.get('ImageId') ?? ''),
    ...(subnet === undefined ? [] : [access.of(action, 'subnet', subnet)]),
    ...groups.map((group) => access.of(action, 'security-group', group)),
    ...(key === undefined ? [] : [access.of(action, 'key-pair', key)]),
    ...snapshots.flatMap((id) => (id === undefined ? [] : access.of(action, 'snapshot', id))),
    ...(isSpot ? [access.of(action, 'spot-instances-request', NEW)] : []),
    ...(template === undefined ? [] : [access.of(action, 'launch-template', NEW, template)]),
    ...(role === undefined ? [] : [passRole(role)]),
  ];
}

/** The role has the name of its instance profile, as in docs/aws.md. */
export function passRole(role: string, service = 'ec2.amazonaws.com'): Access {
  const resource = `arn:aws:iam::${ACCOUNT}:role/${role}`;
  return { action: 'iam:PassRole', resource, context: { 'iam:PassedToService': service } };
}

function accessIn({ region, tagsOf }: Known) {
  const arn = (type: string, id: string): string => {
    // Those of AWS and of everybody belong to no account.
    const owner = type === 'image' || type === 'snapshot' ? '' : ACCOUNT;
    return `arn:aws:ec2:${region}:${owner}:${type}/${id}`;
  };
  const context = (kind: 'Request' | 'Resource', tags: Tags): Record<string, string> => ({
    'aws:RequestedRegion': region,
    ...Object.fromEntries(Array.from(tags, ([key, value]) => [`aws:${kind}Tag/${key}`, value])),
  });
  const of = (action: string, type: string, id: string, tags = NO_TAGS): Access => ({
    action: `ec2:${action}`,
    resource: arn(type, id),
    context: context('Resource', tags),
  });
  /** What EC2 does not know it does not ask IAM about. */
  const existing = (action: string, type: string, id: string): Access[] => {
    const tags = tagsOf(id);
    return tags === undefined ? [] : [of(action, type, id, tags)];
  };
  const tagging = (by: string | null, type: string, id: string, tags: Tags): Access => ({
    action: 'ec2:CreateTags',
    resource: arn(type, id),
    context: { ...context('Request', tags), ...(by === null ? {} : { 'ec2:CreateAction': by }) },
  });
  /** What is made with tags takes the right to tag as well. */
  const making = (action: string, type: string, tags: Tags): Access[] => [
    { action: `ec2:${action}`, resource: arn(type, NEW), context: context('Request', tags) },
    ...(tags.size === 0 ? [] : [tagging(action, type, NEW, tags)]),
  ];
  return { of, existing, making, tagging };
}

function requestTags(tags: readonly Params[]): Tags {
  return new Map(tags.map((tag) => [tag.get('Key') ?? '', tag.get('Value') ?? '']));
}
