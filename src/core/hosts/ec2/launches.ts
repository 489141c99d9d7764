import type { CreateFleetCommandInput } from '@aws-sdk/client-ec2';
import { UserError } from '../../domain/user-error.ts';
import { isUp } from '../fleet-view.ts';
import type { LaunchedHosts } from '../launched-hosts.ts';
import type { LaunchJournal, OpenLaunches, PlannedLaunch } from '../launch-journal.ts';
import type { ProvidedHost, PricePoint, Shortfall, UpRequest, UpResult } from '../provider.ts';
import type { Ec2Connection } from './client.ts';
import { instancesOf } from './describe.ts';
import { harmless, hintFor, missingRight } from './ec2-error.ts';
import { hostOfInstance } from './instances.ts';
import { launchFleet, type LaunchEnd, type Launched, type LaunchPorts } from './launch.ts';
import type { Prepared } from './prepare.ts';
import { isAboutCapacity } from './shortfalls.ts';
import type { TagPlan } from './tags.ts';
import { deleteTemplate, makeTemplate } from './template.ts';

export interface LaunchesParts {
  readonly connection: Ec2Connection;
  readonly prices: readonly PricePoint[];
  readonly journal: LaunchJournal;
  readonly launched: LaunchedHosts;
  /** A line for people about something that goes on by itself. */
  readonly warn: (line: string) => void;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly random: () => number;
}

/** As it stands in the journal. */
type Ec2Launch = PlannedLaunch & { readonly request: CreateFleetCommandInput };

type Progress = (line: string) => void;

/** An interrupted launch that EC2 knows nothing of after this time was never asked for. */
const SETTLED_MS = 10 * 60_000;

/** After this time all instances of a launch are listed, of which a part is. */
const LISTED_MS = 2 * 60_000;

const WAITING_FOR_ANSWER =
  'Waiting for the answer of EC2, to know what was started. Ctrl-C again leaves at once; `replay hosts list` then shows it.';

/**
 * Launches, each written down from before it is asked for until whoever wanted it is told what became of it.
 *
 * - planned: the journal has it; its template is being made, or is there.
 * - asked: CreateFleet is under way, under the token of the launch.
 * - known: EC2 has answered. The template goes, then the line of the journal.
 * - in doubt: the process was killed in one of these, or no answer came. The next launch asks again under the
 *   token, and EC2 says what it has done; every other command looks for the hosts by their tag.
 */
export class Ec2Launches {
  readonly #parts: LaunchesParts;
  /** What was said of interrupted launches, once each. */
  readonly #told = new Set<string>();
  /** Launches that got less than is of use: they are known when their hosts are ended. */
  readonly #toTakeBack = new Map<string, { request: CreateFleetCommandInput; ids: readonly string[] }>();

  constructor(parts: LaunchesParts) {
    this.#parts = parts;
  }

  /**
   * Launches what was prepared.
   * @throws UserError for what a person can mend; the signal's reason when it aborts before EC2 is asked
   */
  async launch(
    request: UpRequest,
    prepared: Prepared,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<UpResult> {
    const { connection, journal, now } = this.#parts;
    const { fleet, launchToken: token, count, atLeast = 0 } = request;
    const { fleet: asked } = prepared;
    await journal.begin({ token, fleet, place: connection.region, count, at: now(), request: asked });
    progress(`Asking EC2 in ${connection.region} for ${count} ${count === 1 ? 'host' : 'hosts'}.`);
    try {
      await makeTemplate(connection, prepared.data, prepared.tags);
      signal.throwIfAborted();
    } catch (error) {
      await this.#settle(token, asked);
      throw error;
    }
    const launched = await this.#ask(prepared, progress, signal);
    if ('failed' in launched) {
      // What became of it is not known, and the next command looks at it.
      if (launched.inDoubt) await journal.abandon(token);
      else await this.#settle(token, asked);
      throw launched.failed;
    }
    const { started } = launched;
    if (started.length > 0 && started.length < atLeast) {
      this.#toTakeBack.set(token, { request: asked, ids: started.map(({ id }) => id) });
    } else await this.#settle(token, asked);
    if (started.length === 0) throwMistake(launched);
    return launched;
  }

  async #ask(prepared: Prepared, progress: Progress, signal: AbortSignal): Promise<LaunchEnd> {
    const onAbort = (): void => progress(WAITING_FOR_ANSWER);
    signal.addEventListener('abort', onAbort);
    try {
      return await launchFleet(this.#ports(progress), prepared);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /**
   * Asks EC2 once more for the launches that are in doubt, each under its own token: what it has done of one it
   * says again, and what it was never asked for it does now. To be called by who wants hosts.
   * @returns the hosts of these launches that are there, with what could not be had
   * @throws UserError when one of them stays in doubt: then nothing else may be launched for the same need
   */
  async takeOver(fleet: string, progress: Progress): Promise<UpResult> {
    const started: ProvidedHost[] = [];
    const shortfalls: Shortfall[] = [];
    const { interrupted } = await this.#open(fleet);
    for (const launch of interrupted) {
      // Later its hosts could not join any more.
      if (this.#ageOf(launch) > SETTLED_MS) continue;
      progress(`${whatOf(launch)}: asking EC2 again, under its token.`);
      const prepared = { fleet: launch.request, tags: tagsOf(launch), zones: new Map<string, string>() };
      const end = await launchFleet(this.#ports(progress), prepared);
      if ('failed' in end && end.inDoubt) throw end.failed;
      // Without its template it cannot have been launched since.
      const hosts = 'failed' in end ? await this.#hostsOf(launch, NEVER) : end.started;
      const up = hosts.filter(isUp);
      started.push(...up);
      progress(
        `It has started ${up.length}${up.length === 0 ? '' : `: ${up.map(({ id }) => id).join(' ')}`}.`,
      );
      if ('shortfalls' in end) shortfalls.push(...end.shortfalls);
      await this.#settle(launch.token, launch.request);
    }
    return { started, shortfalls };
  }

  /** Says what became of launches that were interrupted, as far as EC2's list tells it. */
  async lookBack(fleet: string, signal: AbortSignal): Promise<void> {
    const { interrupted, underWay, damaged } = await this.#open(fleet);
    for (const { count, by } of underWay) {
      this.#tell(
        `A launch of ${count} is under way in process ${by?.pid}; its hosts are listed when they are there.`,
      );
    }
    for (const file of damaged) {
      this.#tell(
        `The note of a launch in ${file} cannot be read. Hosts that it may have started are listed as all others; delete the file.`,
      );
    }
    for (const launch of interrupted) {
      const found = await this.#hostsOf(launch, signal);
      const age = this.#ageOf(launch);
      const isKnown = found.length >= launch.count || age > (found.length > 0 ? LISTED_MS : SETTLED_MS);
      const soFar = isKnown ? '' : ' so far';
      const ids = found.map(({ id }) => id).join(' ');
      const what = found.length === 0 ? `nothing${soFar}.` : `${found.length}${soFar}: ${ids}`;
      const line = `${whatOf(launch)}; it has started ${what}`;
      this.#tell(line);
      if (isKnown) await this.#settle(launch.token, launch.request);
    }
  }

  /** Hosts of launches in doubt, or under way in other processes, that EC2 does not list. */
  async unsettled(fleet: string, signal: AbortSignal): Promise<number> {
    await this.lookBack(fleet, signal);
    const { interrupted, underWay } = await this.#open(fleet);
    const left = [...interrupted, ...underWay];
    const missing = left.map(async (launch) => launch.count - (await this.#hostsOf(launch, signal)).length);
    return (await Promise.all(missing)).reduce((sum, count) => sum + Math.max(count, 0), 0);
  }

  /** These were ended: a launch of which nothing was to be left is known then. */
  async ended(ids: readonly string[]): Promise<void> {
    for (const [token, { request, ids: own }] of this.#toTakeBack) {
      if (!own.every((id) => ids.includes(id))) continue;
      this.#toTakeBack.delete(token);
      await this.#settle(token, request);
    }
  }

  async #open(
    fleet: string,
  ): Promise<
    Omit<OpenLaunches, 'interrupted' | 'underWay'> & Record<'interrupted' | 'underWay', Ec2Launch[]>
  > {
    const { journal, connection } = this.#parts;
    const { interrupted, underWay, damaged } = await journal.open(fleet, connection.region);
    return { interrupted: interrupted as Ec2Launch[], underWay: underWay as Ec2Launch[], damaged };
  }

  /** The same thing once. */
  #tell(line: string): void {
    if (!this.#told.has(line)) this.#parts.warn(line);
    this.#told.add(line);
  }

  async #hostsOf({ fleet, token }: Ec2Launch, signal: AbortSignal): Promise<ProvidedHost[]> {
    const { connection, prices } = this.#parts;
    const found = await instancesOf(connection, fleet, signal, token);
    return found.map((instance) => hostOfInstance(instance, prices));
  }

  #ageOf({ at }: Ec2Launch): number {
    return this.#parts.now() - at;
  }

  #ports(progress: Progress): LaunchPorts {
    const { connection, prices, sleep, now, random } = this.#parts;
    return { connection, prices, sleep, now, random, progress };
  }

  /** What became of a launch is known: its template has done its work. */
  async #settle(token: string, request: CreateFleetCommandInput): Promise<void> {
    const { connection, journal, warn } = this.#parts;
    const [config] = request.LaunchTemplateConfigs ?? [];
    const template = config?.LaunchTemplateSpecification?.LaunchTemplateName;
    if (template !== undefined) {
      await deleteTemplate(connection, template).catch((error: Error) => warn(error.message));
    }
    // What EC2 has done is known all the same; the next command settles it.
    await journal.settle(token).catch((error: Error) => warn(error.message));
  }
}

const NEVER = new AbortController().signal;

function whatOf({ count, at }: Ec2Launch): string {
  return `A launch of ${count} was interrupted at ${new Date(at).toISOString().slice(0, 19)} UTC`;
}

function tagsOf({ fleet, token }: Ec2Launch): TagPlan {
  return { fleet, run: null, launchToken: token, orchestrator: null, own: {} };
}

/** Nothing was started, and not for want of room: the request is wrong, or a right is missing. */
function throwMistake({ shortfalls }: Launched): void {
  const mistake = shortfalls.find((shortfall) => !isAboutCapacity(shortfall));
  if (mistake === undefined) return;
  const { code, reason, zone } = mistake;
  if (code === 'UnauthorizedOperation') throw missingRight('RunInstances', reason);
  throw new UserError({
    code: 'EC2_REFUSED',
    message: `EC2 refused to start hosts${zone === null ? '' : ` in ${zone}`}: ${harmless(reason)} (${code})`,
    hint: hintFor(code),
  });
}
