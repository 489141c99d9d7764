import {
  CreateFleetCommand,
  type CreateFleetCommandOutput,
  type CreateFleetCommandInput,
} from '@aws-sdk/client-ec2';
import { backoffDelay } from '../../domain/backoff.ts';
import type { PricePoint, ProvidedHost, Shortfall } from '../provider.ts';
import { type Ec2Connection } from './client.ts';
import { instancesOf } from './describe.ts';
import { codeOf, ec2Error, isUnclear } from './ec2-error.ts';
import { hostOfInstance, hostsOfAnswer } from './instances.ts';
import { shortfallsOf } from './shortfalls.ts';
import type { Prepared } from './prepare.ts';

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

/**
 * Asks for the fleet, and asks again with the same token while it is not known what became of it: EC2 then
 * answers what it has done, and starts nothing twice. An abort does not end this: what was asked for has to be known.
 */
export async function launchFleet(ports: LaunchPorts, prepared: Prepared): Promise<Launched> {
  const { prices, now } = ports;
  const { tags, zones } = prepared;
  const answer = await ask(ports, prepared.fleet);
  const told = hostsOfAnswer(answer.Instances ?? [], { prices, zones, run: tags.run, now: now() });
  const started = await asDescribed(ports, prepared, told);
  return { started, shortfalls: shortfallsOf(answer.Errors ?? [], zones) };
}

async function ask(ports: LaunchPorts, input: CreateFleetCommandInput): Promise<CreateFleetCommandOutput> {
  const { connection, progress } = ports;
  let unclear = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connection.client.send(new CreateFleetCommand(input));
    } catch (error) {
      const isNew = isTemplateUnknown(error) && attempt < TEMPLATE_TRIES;
      if (isUnclear(error)) unclear += 1;
      if (!isNew && (!isUnclear(error) || unclear === UNCLEAR_TRIES)) {
        throw ec2Error('CreateFleet', error, connection.endpoint);
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

/** The hosts as DescribeInstances tells them, and those that it does not know yet as the answer told them. */
async function asDescribed(
  ports: LaunchPorts,
  { tags }: Prepared,
  told: readonly ProvidedHost[],
): Promise<ProvidedHost[]> {
  const { connection, prices } = ports;
  for (let attempt = 1; ; attempt += 1) {
    const found = await instancesOf(
      connection,
      tags.fleet,
      new AbortController().signal,
      tags.launchToken,
    ).catch(() => []);
    const hosts = found.map((instance) => hostOfInstance(instance, prices));
    const known = new Set(hosts.map(({ id }) => id));
    const missing = told.filter(({ id }) => !known.has(id));
    if (missing.length === 0 || attempt === SEEN_TRIES) return [...hosts, ...missing];
    await pause(ports, attempt);
  }
}

function pause({ sleep, random }: LaunchPorts, attempt: number): Promise<void> {
  return sleep(200 + backoffDelay({ attempt, baseMs: 500, maxMs: 5000, random: random() }));
}
