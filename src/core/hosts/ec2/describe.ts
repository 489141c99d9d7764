import {
  DescribeImagesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSubnetsCommand,
  paginateDescribeInstances,
  paginateDescribeLaunchTemplates,
  type Instance,
  type LaunchTemplate,
  type ResponseLaunchTemplateData,
  type Subnet,
} from '@aws-sdk/client-ec2';
import type { TemplateReference } from '../settings/settings.ts';
import { asking, type Ec2Connection } from './client.ts';
import { fleetFilter, isOfFleet, LAUNCH_TAG } from './tags.ts';

/** What EC2 is asked about, and nothing that changes anything. All calls throw UserErrors. */

/** Where subnets are, and how much room they have. An unknown one is refused by EC2 with its name. */
export async function subnetsOf(
  connection: Ec2Connection,
  subnets: readonly string[],
  abortSignal: AbortSignal,
): Promise<Subnet[]> {
  if (subnets.length === 0) return [];
  const command = new DescribeSubnetsCommand({ SubnetIds: [...subnets] });
  const { Subnets = [] } = await asking(
    connection,
    'DescribeSubnets',
    () => connection.client.send(command, { abortSignal }),
    abortSignal,
  );
  return Subnets;
}

/** Name of the device that an image boots from; null: the image is not known by its id. */
export async function rootDeviceOf(
  connection: Ec2Connection,
  image: string,
  abortSignal: AbortSignal,
): Promise<string | null> {
  if (!image.startsWith('ami-')) return null;
  const command = new DescribeImagesCommand({ ImageIds: [image] });
  const { Images = [] } = await asking(
    connection,
    'DescribeImages',
    () => connection.client.send(command, { abortSignal }),
    abortSignal,
  );
  return Images[0]?.RootDeviceName ?? null;
}

/** What a launch template of the user's says. */
export async function readTemplate(
  connection: Ec2Connection,
  { idOrName, version }: TemplateReference,
  abortSignal: AbortSignal,
): Promise<ResponseLaunchTemplateData> {
  const which = idOrName.startsWith('lt-')
    ? { LaunchTemplateId: idOrName }
    : { LaunchTemplateName: idOrName };
  const command = new DescribeLaunchTemplateVersionsCommand({ ...which, Versions: [version] });
  const answer = await asking(
    connection,
    'DescribeLaunchTemplateVersions',
    () => connection.client.send(command, { abortSignal }),
    abortSignal,
  );
  return answer.LaunchTemplateVersions?.[0]?.LaunchTemplateData ?? {};
}

/** The instances of a fleet, those that ended lately included. @param launch only those of one launch */
export async function instancesOf(
  connection: Ec2Connection,
  fleet: string,
  abortSignal: AbortSignal,
  launch: string | null = null,
): Promise<Instance[]> {
  const filters = [fleetFilter(fleet)];
  if (launch !== null) filters.push({ Name: `tag:${LAUNCH_TAG}`, Values: [launch] });
  return asking(
    connection,
    'DescribeInstances',
    async () => {
      const found: Instance[] = [];
      const { client } = connection;
      const pages = paginateDescribeInstances(
        { client, pageSize: 500 },
        { Filters: filters },
        { abortSignal },
      );
      for await (const { Reservations = [] } of pages) {
        for (const { Instances = [] } of Reservations) {
          found.push(...Instances.filter((instance) => isOfFleet(instance, fleet)));
        }
      }
      return found;
    },
    abortSignal,
  );
}

/** Launch templates that were made for launches of the fleet. */
export async function templatesOf(
  connection: Ec2Connection,
  fleet: string,
  abortSignal: AbortSignal,
): Promise<LaunchTemplate[]> {
  return asking(
    connection,
    'DescribeLaunchTemplates',
    async () => {
      const found: LaunchTemplate[] = [];
      const { client } = connection;
      const input = { Filters: [fleetFilter(fleet)] };
      const pages = paginateDescribeLaunchTemplates({ client, pageSize: 200 }, input, { abortSignal });
      for await (const { LaunchTemplates = [] } of pages) {
        found.push(...LaunchTemplates.filter((template) => isOfFleet(template, fleet)));
      }
      return found;
    },
    abortSignal,
  );
}
