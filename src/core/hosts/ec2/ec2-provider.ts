import { UserError } from '../../domain/user-error.ts';
import type { LaunchJournal } from '../launch-journal.ts';
import type {
  DownResult,
  DryRun,
  HostProvider,
  JoinRequest,
  PricePoint,
  ProvidedHost,
  UpRequest,
  UpResult,
} from '../provider.ts';
import type { Ec2Settings } from '../settings/settings.ts';
import type { Ec2Connection } from './client.ts';
import { instancesOf } from './describe.ts';
import { dryRunLaunch, dryRunTerminate } from './dry-run.ts';
import { harmless, hintFor, isUnclear, missingRight } from './ec2-error.ts';
import { hostOfInstance } from './instances.ts';
import { launchFleet, type Launched, type LaunchPorts } from './launch.ts';
import { prepareLaunch, type Prepared } from './prepare.ts';
import { isAboutCapacity } from './shortfalls.ts';
import { deleteTemplates, makeTemplate } from './template.ts';
import { terminate } from './terminate.ts';

export interface Ec2Parts {
  readonly connection: Ec2Connection;
  readonly settings: Ec2Settings;
  readonly prices: readonly PricePoint[];
  /** What a new instance runs at its start. */
  readonly userData: (join: JoinRequest, now: number) => string;
  readonly journal: LaunchJournal;
  /** A line for people about something that goes on by itself. */
  readonly warn: (line: string) => void;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly random: () => number;
}

/** An interrupted launch that EC2 knows nothing of after this time was never asked for. */
const SETTLED_MS = 10 * 60_000;

const WAITING_FOR_ANSWER =
  'Waiting for the answer of EC2, to know what was started. Ctrl-C again leaves at once; `replay hosts list` then shows it.';

/** Hosts from EC2 Fleet. */
export class Ec2Provider implements HostProvider {
  readonly name = 'ec2';
  readonly #parts: Ec2Parts;
  /** What was said of interrupted launches, once each. */
  readonly #told = new Set<string>();

  constructor(parts: Ec2Parts) {
    this.#parts = parts;
  }

  async up(request: UpRequest, progress: (line: string) => void, signal: AbortSignal): Promise<UpResult> {
    const { connection, prices, journal, sleep, now, random } = this.#parts;
    const prepared = await prepareLaunch(this.#parts, request, signal);
    signal.throwIfAborted();
    const { fleet, launchToken: token, count } = request;
    await journal.begin({ token, fleet, place: connection.region, count, at: now() });
    progress(`Asking EC2 in ${connection.region} for ${count} ${count === 1 ? 'host' : 'hosts'}.`);
    const onAbort = (): void => progress(WAITING_FOR_ANSWER);
    signal.addEventListener('abort', onAbort);
    try {
      const ports = { connection, prices, sleep, now, random, progress };
      const launched = await this.#launch(ports, prepared);
      await this.#settle(fleet, token);
      if (launched.started.length === 0) throwMistake(launched);
      return launched;
    } catch (error) {
      // What became of an unanswered launch is not known, and the next command looks at it.
      if (error instanceof UserError && !isUnclear(error.cause)) await this.#settle(fleet, token);
      else await journal.abandon(token);
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #launch(ports: LaunchPorts, prepared: Prepared): Promise<Launched> {
    await makeTemplate(this.#parts.connection, prepared.data, prepared.tags);
    return launchFleet(ports, prepared);
  }

  /** What became of a launch is known: its template has done its work. */
  async #settle(fleet: string, token: string): Promise<void> {
    const { connection, journal, warn } = this.#parts;
    await journal.settle(token);
    await deleteTemplates(connection, fleet, token).catch((error: Error) => warn(error.message));
  }

  async dryRunUp(request: UpRequest, signal: AbortSignal): Promise<DryRun> {
    return dryRunLaunch(this.#parts.connection, await prepareLaunch(this.#parts, request, signal));
  }

  async list(fleet: string, signal: AbortSignal): Promise<ProvidedHost[]> {
    const { connection, prices } = this.#parts;
    const instances = await instancesOf(connection, fleet, signal);
    await this.#lookAtInterrupted(fleet, signal);
    return instances
      .map((instance) => hostOfInstance(instance, prices))
      .toSorted((a, b) => (a.launchedAt ?? 0) - (b.launchedAt ?? 0) || a.id.localeCompare(b.id));
  }

  async unsettled(fleet: string, signal: AbortSignal): Promise<number> {
    await this.#lookAtInterrupted(fleet, signal);
    const left = await this.#parts.journal.interrupted(fleet, this.#parts.connection.region);
    return left.reduce((sum, { count }) => sum + count, 0);
  }

  async down(fleet: string, ids: readonly string[], signal: AbortSignal): Promise<DownResult> {
    const hosts = await this.#chosen(fleet, ids, signal);
    const ended = hosts.filter(({ state }) => state === 'ended').map(({ id }) => id);
    const result = await terminate(
      this.#parts,
      hosts.filter(({ state }) => state !== 'ended'),
    );
    return { stopped: [...ended, ...result.stopped], failed: result.failed };
  }

  async dryRunDown(fleet: string, ids: readonly string[], signal: AbortSignal): Promise<DryRun> {
    const hosts = await this.#chosen(fleet, ids, signal);
    return dryRunTerminate(
      this.#parts.connection,
      hosts.map(({ id }) => id),
    );
  }

  async cleanUp(fleet: string, signal: AbortSignal): Promise<void> {
    const { connection } = this.#parts;
    signal.throwIfAborted();
    await deleteTemplates(connection, fleet);
  }

  close(): void {
    this.#parts.connection.client.destroy();
  }

  /** The hosts that are named, all of which have to be of the fleet. */
  async #chosen(fleet: string, ids: readonly string[], signal: AbortSignal): Promise<ProvidedHost[]> {
    const hosts = new Map((await this.list(fleet, signal)).map((host) => [host.id, host]));
    const strangers = ids.filter((id) => !hosts.has(id));
    if (strangers.length > 0) throw notOfFleet(fleet, strangers);
    return ids.flatMap((id) => hosts.get(id) ?? []);
  }

  /** Launches that a process was killed in the middle of: says what became of them. */
  async #lookAtInterrupted(fleet: string, signal: AbortSignal): Promise<void> {
    const { connection, journal, warn, now } = this.#parts;
    for (const launch of await journal.interrupted(fleet, connection.region)) {
      const found = await instancesOf(connection, fleet, signal, launch.token);
      const when = new Date(launch.at).toISOString().slice(0, 19);
      if (found.length > 0) {
        const ids = found.map(({ InstanceId }) => InstanceId ?? '').join(' ');
        warn(
          `A launch of ${launch.count} was interrupted at ${when} UTC; it has started ${found.length}: ${ids}`,
        );
        await this.#settle(fleet, launch.token);
      } else if (now() - launch.at > SETTLED_MS) {
        await this.#settle(fleet, launch.token);
      } else {
        const line = `A launch of ${launch.count} was interrupted at ${when} UTC; it has started nothing so far.`;
        if (!this.#told.has(launch.token)) warn(line);
        this.#told.add(launch.token);
      }
    }
  }
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

function notOfFleet(fleet: string, ids: readonly string[]): UserError {
  return new UserError({
    code: 'HOST_NOT_OF_FLEET',
    message: `Not a host of the fleet ${fleet}: ${ids.join(', ')}. Nothing was stopped.`,
    hint: 'Only instances with the tag replay:fleet of this fleet are touched; `replay hosts list` shows them.',
  });
}
