import type { Cloud, Fleet, Instance, Template } from './cloud.ts';
import { Ec2Fault } from './ec2-fault.ts';
import { type Params, tagsFor } from './params.ts';
import type { Xml } from './xml.ts';

type Action = (cloud: Cloud, params: Params, region: string) => Xml;

/** EC2's actions, as far as the program uses them. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  DescribeSubnets: (cloud, params) => ({
    subnetSet: params.texts('SubnetId').map((id) => {
      const zone = cloud.options.subnets[id];
      if (zone === undefined) {
        throw new Ec2Fault('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);
      }
      return { subnetId: id, availabilityZone: zone, vpcId: 'vpc-00000001', availableIpAddressCount: 251 };
    }),
  }),
  DescribeImages: (_cloud, params) => ({
    imagesSet: params.texts('ImageId').map((id) => ({ imageId: id, rootDeviceName: '/dev/xvda' })),
  }),
  CreateLaunchTemplate: (cloud, params) => ({ launchTemplate: templateXml(createTemplate(cloud, params)) }),
  DescribeLaunchTemplates: (cloud, params) => ({
    launchTemplates: cloud.templates.filter(({ tags }) => matches(tags, params)).map(templateXml),
  }),
  DescribeLaunchTemplateVersions: (cloud, params) => ({
    launchTemplateVersionSet: [{ launchTemplateData: templateDataXml(findTemplate(cloud, params)) }],
  }),
  DeleteLaunchTemplate: (cloud, params) => {
    const template = findTemplate(cloud, params);
    cloud.templates.splice(cloud.templates.indexOf(template), 1);
    return { launchTemplate: templateXml(template) };
  },
  DescribeSpotPriceHistory: (cloud, params) => ({
    spotPriceHistorySet: params
      .texts('InstanceType')
      .filter((type) => cloud.options.spotPrices?.[type] !== undefined)
      .flatMap((type) => {
        const price = cloud.options.spotPrices?.[type] ?? 0;
        return [
          { instanceType: type, spotPrice: price, availabilityZone: 'eu-west-1a' },
          { instanceType: type, spotPrice: price * 2, availabilityZone: 'eu-west-1b' },
        ];
      }),
  }),
  RunInstances: () => {
    throw new Ec2Fault('UnsupportedOperation', 'Only dry runs are looked at here');
  },
  CreateFleet: (cloud, params, region) => fleetXml(cloud.createFleet(params, region)),
  DescribeInstances: describeInstances,
  TerminateInstances: terminateInstances,
};

function createTemplate(cloud: Cloud, params: Params): Template {
  const name = params.get('LaunchTemplateName') ?? '';
  const token = params.get('ClientToken') ?? '';
  const same = cloud.templates.find((one) => one.name === name);
  if (same !== undefined) {
    if (same.token === token) return same;
    throw new Ec2Fault(
      'InvalidLaunchTemplateName.AlreadyExistsException',
      `Launch template name already in use: ${name}`,
    );
  }
  const tags = tagsFor(params, 'launch-template');
  const template = { id: cloud.id('lt'), name, token, tags, data: params.inner('LaunchTemplateData') };
  cloud.templates.push(template);
  return template;
}

function findTemplate(cloud: Cloud, params: Params): Template {
  const name = params.get('LaunchTemplateName');
  const id = params.get('LaunchTemplateId');
  const template = cloud.templates.find((one) => one.name === name || one.id === id);
  if (template !== undefined) return template;
  throw new Ec2Fault(
    'InvalidLaunchTemplateName.NotFoundException',
    `There is no launch template ${name ?? id}`,
  );
}

function describeInstances(cloud: Cloud, params: Params): Xml {
  const fitting = cloud.instances.filter(({ tags }) => matches(tags, params));
  const seen = fitting.filter((instance) => {
    const isSeen = instance.unseen <= 0;
    instance.unseen -= 1;
    if (isSeen && instance.state === 'pending') instance.state = 'running';
    return isSeen;
  });
  const from = Number(params.get('NextToken') ?? 0);
  // Few on a page, so that pages are followed in every test.
  const to = from + Math.min(Number(params.get('MaxResults') ?? 1000), 3);
  return {
    reservationSet: seen.slice(from, to).map((instance) => ({ instancesSet: [instanceXml(instance)] })),
    nextToken: to < seen.length ? String(to) : undefined,
  };
}

function terminateInstances(cloud: Cloud, params: Params): Xml {
  const ids = params.texts('InstanceId');
  const known = new Map(cloud.instances.map((instance) => [instance.id, instance]));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0) {
    throw new Ec2Fault(
      'InvalidInstanceID.NotFound',
      `The instance ID '${unknown.join(', ')}' does not exist`,
    );
  }
  const chosen = ids.flatMap((id) => known.get(id) ?? []);
  const held = chosen.find((instance) => instance.protected);
  if (held !== undefined) {
    throw new Ec2Fault(
      'OperationNotPermitted',
      `The instance '${held.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
    );
  }
  for (const instance of chosen) cloud.end(instance);
  return {
    instancesSet: chosen.map(({ id }) => ({
      instanceId: id,
      currentState: { code: 32, name: 'shutting-down' },
    })),
  };
}

/** Filters of the form `tag:NAME`; a value may end with a *. */
function matches(tags: ReadonlyMap<string, string>, params: Params): boolean {
  return params.items('Filter').every((filter) => {
    const value = tags.get((filter.get('Name') ?? '').replace(/^tag:/, ''));
    return value !== undefined && filter.texts('Value').includes(value);
  });
}

function tagSet(tags: ReadonlyMap<string, string>): Xml {
  return Array.from(tags, ([key, value]) => ({ key, value }));
}

function templateXml({ id, name, tags }: Template): Xml {
  return { launchTemplateId: id, launchTemplateName: name, tagSet: tagSet(tags), latestVersionNumber: 1 };
}

function templateDataXml({ data }: Template): Xml {
  const disks = data.items('BlockDeviceMapping').map((disk) => ({
    deviceName: disk.get('DeviceName'),
    ebs: { snapshotId: disk.inner('Ebs').get('SnapshotId') },
  }));
  return { imageId: data.get('ImageId'), ...(disks.length === 0 ? {} : { blockDeviceMappingSet: disks }) };
}

function fleetXml({ id, instances, errors }: Fleet): Xml {
  return {
    fleetId: id,
    fleetInstanceSet: instances.map(({ id, type, spot, subnet, zone }) => ({
      instanceIds: [id],
      instanceType: type,
      lifecycle: spot ? 'spot' : 'on-demand',
      launchTemplateAndOverrides: {
        overrides: { subnetId: subnet, instanceType: type, availabilityZone: zone },
      },
    })),
    errorSet: errors.map(({ override, zone, lifecycle, code, message }) => ({
      errorCode: code,
      errorMessage: message,
      lifecycle,
      launchTemplateAndOverrides: {
        overrides: {
          subnetId: override.get('SubnetId'),
          instanceType: override.get('InstanceType'),
          availabilityZone: zone === '' ? undefined : zone,
        },
      },
    })),
  };
}

const STATE_CODES = { pending: 0, running: 16, 'shutting-down': 32, terminated: 48, stopped: 80 };

function instanceXml(instance: Instance): Xml {
  const { id, type, subnet, zone, spot, launchedAt, tags, state, reason, stateReason } = instance;
  return {
    instanceId: id,
    instanceType: type,
    subnetId: subnet,
    placement: { availabilityZone: zone },
    instanceLifecycle: spot ? 'spot' : undefined,
    launchTime: launchedAt.toISOString(),
    instanceState: { code: STATE_CODES[state], name: state },
    reason: reason === '' ? undefined : reason,
    stateReason: stateReason === '' ? undefined : { code: stateReason.split(':')[0], message: stateReason },
    privateIpAddress: `10.0.0.${(Number.parseInt(id.slice(-4), 16) % 250) + 1}`,
    tagSet: tagSet(tags),
  };
}
