import { CreateLaunchTemplateCommand, DeleteLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import type { RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import { UserError } from '../../domain/user-error.ts';
import { asking, type Ec2Connection } from './client.ts';
import { templatesOf } from './describe.ts';
import { codeOf } from './ec2-error.ts';
import { tagSpecification, type TagPlan } from './tags.ts';
import { templateName } from './template-data.ts';

const NEVER = new AbortController().signal;

/**
 * Makes the launch template of a launch. Its name follows from its content, so that to make it again, because
 * an answer was lost or a process was killed, changes nothing.
 * @returns its name
 */
export async function makeTemplate(
  connection: Ec2Connection,
  data: RequestLaunchTemplateData,
  tags: TagPlan,
): Promise<string> {
  const name = templateName(tags.fleet, data);
  const command = new CreateLaunchTemplateCommand({
    LaunchTemplateName: name,
    ClientToken: name.slice(-40),
    LaunchTemplateData: data,
    TagSpecifications: [tagSpecification('launch-template', tags)],
  });
  await asking(connection, 'CreateLaunchTemplate', async () => {
    try {
      await connection.client.send(command);
    } catch (error) {
      if (codeOf(error) !== 'InvalidLaunchTemplateName.AlreadyExistsException') throw error;
      await checkOurs(connection, name, tags.fleet);
    }
  });
  return name;
}

/** A template that somebody else gave this name is not one that we know the content of. */
async function checkOurs(connection: Ec2Connection, name: string, fleet: string): Promise<void> {
  const ours = await templatesOf(connection, fleet, NEVER);
  if (ours.some(({ LaunchTemplateName }) => LaunchTemplateName === name)) return;
  throw new UserError({
    code: 'EC2_TEMPLATE_TAKEN',
    message: `There is a launch template ${name} that does not carry the tag of the fleet.`,
    hint: 'It was not made by replay, or its tag was taken away. Delete it, or give the fleet another name.',
  });
}

/** Deletes the templates that were made for the fleet. */
export async function deleteTemplates(connection: Ec2Connection, fleet: string): Promise<void> {
  for (const { LaunchTemplateName: name } of await templatesOf(connection, fleet, NEVER)) {
    if (name !== undefined) await deleteTemplate(connection, name);
  }
}

/** Deletes one that is known to be of the fleet. That there is none any more is as good. */
export async function deleteTemplate(connection: Ec2Connection, name: string): Promise<void> {
  await asking(connection, 'DeleteLaunchTemplate', async () => {
    try {
      await connection.client.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: name }));
    } catch (error) {
      if (!codeOf(error).startsWith('InvalidLaunchTemplate')) throw error;
    }
  });
}
