import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { isRunning, ownIdentity, type ProcessIdentity } from '../files/process-identity.ts';

/** A launch that was about to be asked for, written down before. */
export interface PlannedLaunch {
  readonly token: string;
  readonly fleet: string;
  /** For people, and to tell places apart: a region. */
  readonly place: string;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What is asked for, in the words of the place, so that it can be asked for again. No secrets. */
  readonly request: object;
  /** Who asks; null: gave up waiting for the answer. */
  readonly by: ProcessIdentity | null;
}

export interface OpenLaunches {
  /** Nobody waits for their answer any more. */
  readonly interrupted: readonly PlannedLaunch[];
  /** Other processes of this machine wait for their answer. */
  readonly underWay: readonly PlannedLaunch[];
  /** Files that cannot be read: launches of whatever fleet. */
  readonly damaged: readonly string[];
}

/**
 * The launches whose result nobody has seen yet: a file for each, from before the request until its result is
 * known. What is left over belongs to a process that was killed in between; the hosts themselves are found by
 * their tags in any case, and this says that there may be some.
 */
export class LaunchJournal {
  readonly #folder: string;

  constructor(stateDir: string) {
    this.#folder = join(stateDir, 'launches');
  }

  /** Resolves when it is on disk. @throws UserError when it cannot be: then nothing may be launched */
  async begin(launch: Omit<PlannedLaunch, 'by'>): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await this.#write({ ...launch, by: await ownIdentity() });
    } catch (error) {
      throw stateDirUnusable(error);
    }
  }

  /** No answer came, and nobody waits for it any more: what became of the launch is for later commands to see. */
  async abandon(token: string): Promise<void> {
    const launch = await this.#read(basename(this.#path(token)));
    if (launch !== null && launch !== 'damaged') await this.#write({ ...launch, by: null });
  }

  async settle(token: string): Promise<void> {
    await rm(this.#path(token), { force: true });
  }

  /** The launches of a fleet of which it is not known yet what became of them. */
  async open(fleet: string, place: string): Promise<OpenLaunches> {
    const names = await readdir(this.#folder).catch(() => []);
    const found = { interrupted: [] as PlannedLaunch[], underWay: [] as PlannedLaunch[] };
    const damaged: string[] = [];
    const me = await ownIdentity();
    for (const name of names.filter((one) => one.endsWith('.json'))) {
      const launch = await this.#read(name);
      if (launch === 'damaged') damaged.push(join(this.#folder, name));
      if (launch === null || launch === 'damaged') continue;
      if (launch.fleet !== fleet || launch.place !== place) continue;
      const { by } = launch;
      if (by === null || !(await isRunning(by))) found.interrupted.push(launch);
      else if (by.pid !== me.pid || by.host !== me.host) found.underWay.push(launch);
    }
    return { ...found, damaged };
  }

  async #write(launch: PlannedLaunch): Promise<void> {
    const content = `${JSON.stringify(launch, null, 2)}\n`;
    await writeFileAtomically(this.#path(launch.token), content, { mode: 0o600 });
  }

  /** null: somebody else has settled it. Half a file cannot be, since it is written as a whole: it was damaged since. */
  async #read(name: string): Promise<PlannedLaunch | 'damaged' | null> {
    try {
      const launch: unknown = JSON.parse(await readFile(join(this.#folder, name), 'utf8'));
      return isLaunch(launch) ? launch : 'damaged';
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : 'damaged';
    }
  }

  #path(token: string): string {
    const name = /^[\w-]{1,64}$/.test(token) ? token : createHash('sha256').update(token).digest('hex');
    return join(this.#folder, `${name}.json`);
  }
}

function isLaunch(value: unknown): value is PlannedLaunch {
  const { token, fleet, place, count, at, request, by } = (value ?? {}) as Record<string, unknown>;
  return (
    [token, fleet, place].every((text) => typeof text === 'string') &&
    [count, at].every((number) => typeof number === 'number') &&
    typeof request === 'object' &&
    request !== null &&
    typeof by === 'object'
  );
}

/** The error for a state directory in which nothing can be written down: then nothing may be launched. */
function stateDirUnusable(error: unknown): UserError {
  return new UserError({
    code: 'STATE_DIR_UNUSABLE',
    message: `What is about to be launched cannot be written down: ${(error as Error).message}`,
    hint: 'Nothing was launched. Name a folder that can be written: --state-dir or REPLAY_STATE_DIR.',
    exitCode: ExitCode.cannotStart,
    cause: error,
  });
}
