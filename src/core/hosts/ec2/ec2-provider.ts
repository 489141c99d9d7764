import { UserError } from '../../domain/user-error.ts';
import type {
  DownResult,
  DryRun,
  HostProvider,
  JoinRequest,
  ProvidedHost,
  UpRequest,
  UpResult,
} from '../provider.ts';
import type { Ec2Settings } from '../settings/settings.ts';
import { instancesOf } from './describe.ts';
import { dryRunLaunch, dryRunTerminate } from './dry-run.ts';
import { hostOfInstance } from './instances.ts';
import { Ec2Launches, type LaunchesParts } from './launches.ts';
import { prepareLaunch } from './prepare.ts';
import { deleteTemplates } from './template.ts';
import { terminate } from './terminate.ts';

export interface Ec2Parts extends LaunchesParts {
  readonly settings: Ec2Settings;
  /** What a new instance runs at its start. */
  readonly userData: (join: JoinRequest, now: number) => string;
}

/** Hosts from EC2 Fleet. */
export class Ec2Provider implements HostProvider {
  readonly name = 'ec2';
  readonly #parts: Ec2Parts;
  readonly #launches: Ec2Launches;

  constructor(parts: Ec2Parts) {
    this.#parts = parts;
    this.#launches = new Ec2Launches(parts);
  }

  async up(request: UpRequest, progress: (line: string) => void, signal: AbortSignal): Promise<UpResult> {
    const { connection, launched } = this.#parts;
    const prepared = await prepareLaunch(this.#parts, request, signal);
    signal.throwIfAborted();
    const before = await this.#launches.takeOver(request.fleet, progress);
    const mine = before.started.filter(({ id }) => request.counted?.includes(id) !== true);
    const count = request.count - mine.length;
    if (count <= 0) return { started: mine, shortfalls: before.shortfalls };
    const rest =
      count === request.count ? prepared : await prepareLaunch(this.#parts, { ...request, count }, signal);
    const atLeast = Math.max((request.atLeast ?? 0) - mine.length, 0);
    const now = await this.#launches.launch({ ...request, count, atLeast }, rest, progress, signal);
    const started = [...mine, ...now.started];
    await launched.add(request.fleet, connection.region, started);
    return { started, shortfalls: now.shortfalls };
  }

  async dryRunUp(request: UpRequest, signal: AbortSignal): Promise<DryRun> {
    return dryRunLaunch(this.#parts.connection, await prepareLaunch(this.#parts, request, signal));
  }

  async list(fleet: string, signal: AbortSignal): Promise<ProvidedHost[]> {
    const { connection, prices, launched } = this.#parts;
    const instances = await instancesOf(connection, fleet, signal);
    const listed = instances.map((instance) => hostOfInstance(instance, prices));
    // EC2 may list an instance a while after it has named it.
    return (await launched.complete(fleet, connection.region, listed)).toSorted(
      (a, b) => (a.launchedAt ?? 0) - (b.launchedAt ?? 0) || a.id.localeCompare(b.id),
    );
  }

  lookBack(fleet: string, signal: AbortSignal): Promise<void> {
    return this.#launches.lookBack(fleet, signal);
  }

  unsettled(fleet: string, signal: AbortSignal): Promise<number> {
    return this.#launches.unsettled(fleet, signal);
  }

  async down(fleet: string, ids: readonly string[], signal: AbortSignal): Promise<DownResult> {
    const hosts = await this.#chosen(fleet, ids, signal);
    const ended = hosts.filter(({ state }) => state === 'ended').map(({ id }) => id);
    const result = await terminate(
      this.#parts,
      hosts.filter(({ state }) => state !== 'ended'),
    );
    const stopped = [...ended, ...result.stopped];
    await this.#launches.ended(stopped);
    await this.#parts.launched.forget(stopped);
    // What an instance has goes with its disks.
    return { stopped, failed: result.failed, kept: [] };
  }

  async dryRunDown(fleet: string, ids: readonly string[], signal: AbortSignal): Promise<DryRun> {
    const hosts = await this.#chosen(fleet, ids, signal);
    return dryRunTerminate(
      this.#parts.connection,
      hosts.map(({ id }) => id),
    );
  }

  async cleanUp(fleet: string, signal: AbortSignal): Promise<[]> {
    const { connection } = this.#parts;
    signal.throwIfAborted();
    await deleteTemplates(connection, fleet);
    return [];
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
}

function notOfFleet(fleet: string, ids: readonly string[]): UserError {
  return new UserError({
    code: 'HOST_NOT_OF_FLEET',
    message: `Not a host of the fleet ${fleet}: ${ids.join(', ')}. Nothing was stopped.`,
    hint: 'Only instances with the tag replay:fleet of this fleet are touched; `replay hosts list` shows them.',
  });
}
