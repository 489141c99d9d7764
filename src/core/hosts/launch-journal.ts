import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
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
      throw new UserError({
        code: 'STATE_DIR_UNUSABLE',
        message: `What is about to be launched cannot be written down: ${(error as Error).message}`,
        hint: 'Nothing was launched. Name a folder that can be written: --state-dir or REPLAY_STATE_DIR.',
        exitCode: ExitCode.cannotStart,
        cause: error,
      });
    }
  }

  /** No answer came, and nobody waits for it any more: what became of the launch is for later commands to see. */
  async abandon(token: string): Promise<void> {
    const launch = await this.#read(`${token}.json`);
    if (launch !== null) await this.#write({ ...launch, by: null });
  }

  async settle(token: string): Promise<void> {
    await rm(this.#path(token), { force: true });
  }

  /** Launches of a fleet whose answer nobody waits for any more, and of which nothing is known. */
  async interrupted(fleet: string, place: string): Promise<PlannedLaunch[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const found: PlannedLaunch[] = [];
    for (const name of names.filter((one) => one.endsWith('.json'))) {
      const launch = await this.#read(name);
      if (launch?.fleet !== fleet || launch.place !== place) continue;
      if (launch.by !== null && (await isRunning(launch.by))) continue;
      found.push(launch);
    }
    return found;
  }

  async #write(launch: PlannedLaunch): Promise<void> {
    const content = `${JSON.stringify(launch, null, 2)}\n`;
    await writeFileAtomically(this.#path(launch.token), content, { mode: 0o600 });
  }

  async #read(name: string): Promise<PlannedLaunch | null> {
    try {
      return JSON.parse(await readFile(join(this.#folder, name), 'utf8')) as PlannedLaunch;
    } catch {
      // Half a file cannot be: it was written as a whole. Somebody else settled it, or put it there.
      return null;
    }
  }

  #path(token: string): string {
    const name = /^[\w-]{1,64}$/.test(token) ? token : createHash('sha256').update(token).digest('hex');
    return join(this.#folder, `${name}.json`);
  }
}
