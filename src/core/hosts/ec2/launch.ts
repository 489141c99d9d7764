import {
  CreateFleetCommand,
  type CreateFleetCommandOutput,
  type CreateFleetCommandInput,
} from '@aws-sdk/client-ec2';
import { backoffDelay } from '../../domain/backoff.ts';
import type { UserError } from '../../domain/user-error.ts';
import type { PricePoint, ProvidedHost, Shortfall } from '../provider.ts';
import { type Ec2Connection } from './client.ts';
import { instancesOf } from './describe.ts';
import { codeOf, ec2Error, isThrottled, isUnclear, wasRepeated } from './ec2-error.ts';
import { hostOfInstance, hostsOfAnswer } from './instances.ts';
import { notOfEc2 } from './own-answer.ts';
import type { Prepared } from './prepare.ts';
import { shortfallsOf } from './shortfalls.ts';
import type { TagPlan } from './tags.ts';

/** How often a launch is asked for whose answer is lost, beyond what the SDK repeats by itself. */
const UNCLEAR_TRIES = 3;

/** CreateFleet may know a launch template a few seconds after it was made. */
const TEMPLATE_TRIES = 6;

/** DescribeInstances may know an instance a few seconds after CreateFleet has named it. */
const SEEN_TRIES = 6;

/** What a launch needs of the world. */
export interface LaunchPorts {
  readonly connection: Ec2Connection;
  readonly prices: readonly PricePoint[];
  /** Milliseconds. Ends early when the signal says so. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly now: () => number;
  readonly random: () => number;
  readonly progress: (line: string) => void;
}

export interface Launched {
  readonly started: ProvidedHost[];
  readonly shortfalls: Shortfall[];
}

/** @property inDoubt it is not known whether EC2 has done it, or a part of it */
export interface LaunchFailure {
  readonly failed: UserError;
  readonly inDoubt: boolean;
}

export type LaunchEnd = Launched | LaunchFailure;

/**
 * Asks for the fleet, and asks again with the same token while it is not known what became of it: EC2 then
 * answers what it has done, and starts nothing twice. An abort does not end this: what was asked for has to be known.
 */
export async function launchFleet(
  ports: LaunchPorts,
  prepared: Pick<Prepared, 'fleet' | 'tags' | 'zones'>,
): Promise<LaunchEnd> {
  const { prices, now } = ports;
  const { tags, zones, fleet } = prepared;
  const answer = await ask(ports, fleet);
  if ('failed' in answer) return answer;
  const { Instances = [], Errors = [] } = answer;
  const told = hostsOfAnswer(Instances, { prices, zones, tags, now: now() });
  // Without a reason for less, all were started.
  const all = fleet.TargetCapacitySpecification?.TotalTargetCapacity ?? 0;
  const started = await asDescribed(ports, tags, { told, expected: Errors.length === 0 ? all : 0 });
  return { started, shortfalls: shortfallsOf(Errors, zones) };
}

async function ask(
  ports: LaunchPorts,
  input: CreateFleetCommandInput,
): Promise<CreateFleetCommandOutput | LaunchFailure> {
  const { connection, progress } = ports;
  let unclear = 0;
  let inDoubt = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return checked(await connection.client.send(new CreateFleetCommand(input)));
    } catch (error) {
      const isNew = isTemplateUnknown(error) && attempt < TEMPLATE_TRIES;
      // An attempt before the last one may have been carried out, whatever EC2 says to the last.
      inDoubt ||= isUnclear(error) || wasRepeated(error);
      if (isUnclear(error)) unclear += 1;
      const isOver = !isUnclear(error) || isThrottled(error) || unclear === UNCLEAR_TRIES;
      if (!isNew && isOver) {
        return { failed: ec2Error('CreateFleet', error, connection.endpoint), inDoubt };
      }
      const what = isNew ? 'EC2 does not know the launch template yet' : 'No answer to the launch';
      progress(`${what} (${codeOf(error)}); asking again under the same token.`);
      await pause(ports, attempt);
    }
  }
}

/** The template was made a moment ago: what EC2 says is true everywhere only after a while. */
function isTemplateUnknown(error: unknown): boolean {
  return /^InvalidLaunchTemplate(?:Name|Id)\.NotFound/.test(codeOf(error));
}

function checked(answer: CreateFleetCommandOutput): CreateFleetCommandOutput {
  if ((answer.Instances ?? []).length > 0 || (answer.Errors ?? []).length > 0) return answer;
  throw notOfEc2('it says neither what was started nor why not');
}

/** The hosts as DescribeInstances tells them, and those that it does not know yet as the answer told them. */
async function asDescribed(
  { connection, prices, ...ports }: LaunchPorts,
  { fleet, launchToken }: TagPlan,
  { told, expected }: { told: readonly ProvidedHost[]; expected: number },
): Promise<ProvidedHost[]> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await instancesOf(connection, fleet, NEVER, launchToken).catch(() => []);
    const hosts = found.map((instance) => hostOfInstance(instance, prices));
    const known = new Set(hosts.map(({ id }) => id));
    const missing = told.filter(({ id }) => !known.has(id));
    const isAll = missing.length === 0 && hosts.length >= expected;
    if (isAll || attempt === SEEN_TRIES) return [...hosts, ...missing];
    await pause(ports, attempt);
  }
}

const NEVER = new AbortController().signal;

function pause({ sleep, random }: Pick<LaunchPorts, 'sleep' | 'random'>, attempt: number): Promise<void> {
  return sleep(200 + backoffDelay({ attempt, baseMs: 500, maxMs: 5000, random: random() }));
}
