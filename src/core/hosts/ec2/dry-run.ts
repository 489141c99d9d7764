import {
  CreateFleetCommand,
  CreateLaunchTemplateCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import type { DryRun } from '../provider.ts';
import { tagSpecification } from './tags.ts';
import type { Ec2Connection } from './client.ts';
import { codeOf, ec2Error, isDryRunSuccess } from './ec2-error.ts';
import type { Prepared } from './prepare.ts';
import { runInputs } from './run-input.ts';

/** Asks EC2 whether it would: it says so with an error, `DryRunOperation`. @throws UserError when it would not */
async function wouldDo(
  connection: Ec2Connection,
  action: string,
  ask: () => Promise<unknown>,
): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!isDryRunSuccess(error)) throw ec2Error(action, error, connection.endpoint);
  }
}

/** @throws UserError that names the right that is missing, or what is wrong */
export async function dryRunLaunch(connection: Ec2Connection, prepared: Prepared): Promise<DryRun> {
  const { client } = connection;
  const { data, fleet, tags } = prepared;
  const [config] = fleet.LaunchTemplateConfigs ?? [];
  const name = config?.LaunchTemplateSpecification?.LaunchTemplateName;
  const template = {
    LaunchTemplateName: name,
    LaunchTemplateData: data,
    TagSpecifications: [tagSpecification('launch-template', tags)],
  };
  await wouldDo(connection, 'CreateLaunchTemplate', () =>
    client.send(new CreateLaunchTemplateCommand({ ...template, DryRun: true })),
  );
  for (const input of runInputs(data, fleet)) {
    await wouldDo(connection, 'RunInstances', () =>
      client.send(new RunInstancesCommand({ ...input, DryRun: true })),
    );
  }
  await wouldDo(connection, 'CreateFleet', async () => {
    try {
      await client.send(new CreateFleetCommand({ ...fleet, DryRun: true }));
    } catch (error) {
      // The template is made for the launch, so that there is none now.
      if (!codeOf(error).startsWith('InvalidLaunchTemplate')) throw error;
    }
  });
  const shown = { ...template, LaunchTemplateData: withoutSecrets(data) };
  return {
    lines: [`CreateLaunchTemplate ${name}`, describeFleet(prepared), `DeleteLaunchTemplate ${name}`],
    requests: [
      { action: 'CreateLaunchTemplate', input: shown },
      { action: 'CreateFleet', input: fleet },
      { action: 'DeleteLaunchTemplate', input: { LaunchTemplateName: name } },
    ],
  };
}

export async function dryRunTerminate(connection: Ec2Connection, ids: readonly string[]): Promise<DryRun> {
  const input = { InstanceIds: [...ids] };
  if (ids.length === 0) return { lines: [], requests: [] };
  await wouldDo(connection, 'TerminateInstances', () =>
    connection.client.send(new TerminateInstancesCommand({ ...input, DryRun: true })),
  );
  return {
    lines: [`TerminateInstances ${ids.join(' ')}`],
    requests: [{ action: 'TerminateInstances', input }],
  };
}

function describeFleet({ fleet, zones }: Prepared): string {
  const { TotalTargetCapacity: total, SpotTargetCapacity: spot = 0 } =
    fleet.TargetCapacitySpecification ?? {};
  const overrides = fleet.LaunchTemplateConfigs?.[0]?.Overrides ?? [];
  const types = [...new Set(overrides.map(({ InstanceType }) => InstanceType ?? 'the type of the template'))];
  const places = [
    ...new Set(overrides.map(({ SubnetId = '' }) => zones.get(SubnetId) ?? 'the subnet of the template')),
  ];
  return `CreateFleet ${total} (${spot} spot) of ${types.join(', ')} in ${places.join(', ')}`;
}

/** The user data has the token with which hosts join. */
function withoutSecrets(data: RequestLaunchTemplateData): RequestLaunchTemplateData {
  return { ...data, UserData: `(${data.UserData?.length ?? 0} characters)` };
}
