import { createReadStream } from 'node:fs';
import { UserError } from '../../domain/user-error.ts';
import type { ProgramFile } from '../../files/program-file.ts';
import type {
  DownOptions,
  DownResult,
  DryRun,
  HostProvider,
  HostRemark,
  ProvidedHost,
  Shortfall,
  UpRequest,
  UpResult,
} from '../provider.ts';
import { atMost } from '../at-most.ts';
import {
  AS_ROOT,
  beginScript,
  lookScript,
  placesOf,
  removeScript,
  startScript,
  uploadCommand,
} from './remote-scripts.ts';
import { parseLook, type RemoteLook, type RemoteNote } from './remote-look.ts';
import { ssh, SshError } from './ssh.ts';

export interface SshParts {
  /** As ssh takes them. */
  readonly hosts: readonly string[];
  readonly options: readonly string[];
  /** What is copied. @throws UserError when this program is no single file */
  readonly program: () => Promise<ProgramFile>;
  readonly now: () => number;
}

/** Machines that are worked on at the same time. */
const AT_ONCE = 8;
const SCRIPT_MS = 120_000;
const UPLOAD_MS = 30 * 60_000;

/** Machines that are there already and are reached by ssh: one worker on each, as a unit of systemd. */
export class SshProvider implements HostProvider {
  readonly name = 'ssh';
  readonly #parts: SshParts;

  constructor(parts: SshParts) {
    this.#parts = parts;
  }

  async up(request: UpRequest, progress: (line: string) => void, signal: AbortSignal): Promise<UpResult> {
    const program = await this.#parts.program();
    const started: ProvidedHost[] = [];
    const shortfalls: Shortfall[] = [];
    const untried = [...this.#parts.hosts];
    // A machine that fails gives its place to another one.
    while (started.length < request.count && untried.length > 0 && !signal.aborted) {
      const batch = untried.splice(0, request.count - started.length);
      await atMost(AT_ONCE, batch, async (target) => {
        try {
          const host = await this.#start(target, request, program, signal);
          if (host === null) return;
          started.push(host);
          progress(`${host.id} works.`);
        } catch (error) {
          if (!(error instanceof SshError)) throw error;
          progress(`${target}: ${error.message}`);
          shortfalls.push({ zone: target, type: null, code: 'SshFailed', reason: error.message });
        }
      });
    }
    if (started.length < request.count && shortfalls.length === 0 && !signal.aborted) {
      const reason = `ssh.hosts names ${this.#parts.hosts.length} machines, and none is left without a worker of the fleet`;
      shortfalls.push({ zone: null, type: null, code: 'SshNoMachine', reason });
    }
    return { started, shortfalls };
  }

  async dryRunUp(request: UpRequest, signal: AbortSignal): Promise<DryRun> {
    const looks = await this.#lookAtAll(request.fleet, signal);
    const free = looks.filter(({ look }) => look !== null && look.note === null).slice(0, request.count);
    const failed = looks.flatMap(({ target, reason }) => (reason === null ? [] : [`${target}: ${reason}`]));
    return {
      lines: [...free.map(({ target }) => `install and start a worker on ${target}`), ...failed],
      requests: free.map(({ target }) => ({ target })),
    };
  }

  async list(fleet: string, signal: AbortSignal): Promise<ProvidedHost[]> {
    const looks = await this.#lookAtAll(fleet, signal);
    const hosts = looks.flatMap(({ target, look, reason }) => {
      // A machine that cannot be asked may have a worker: it is shown, so that it is not forgotten.
      if (look === null) return [hostOf(target, null, 'running', reason)];
      return look.note === null ? [] : [hostOf(target, look.note, stateOf(look), null)];
    });
    return hosts.toSorted((a, b) => (a.launchedAt ?? 0) - (b.launchedAt ?? 0));
  }

  async down(
    fleet: string,
    ids: readonly string[],
    signal: AbortSignal,
    options: DownOptions,
  ): Promise<DownResult> {
    return this.#remove(fleet, this.#chosen(fleet, ids), signal, options);
  }

  async dryRunDown(fleet: string, ids: readonly string[]): Promise<DryRun> {
    const targets = this.#chosen(fleet, ids);
    return {
      lines: targets.map((target) => `stop and remove the worker on ${target}`),
      requests: targets.map((target) => ({ target })),
    };
  }

  /** What workers have left that ended by themselves. */
  async cleanUp(fleet: string, signal: AbortSignal, options: DownOptions): Promise<readonly HostRemark[]> {
    const looks = await this.#lookAtAll(fleet, signal);
    const ended = looks.filter(({ look }) => look !== null && look.note !== null && look.state !== 'active');
    const targets = ended.map(({ target }) => target);
    const { kept, failed } = await this.#remove(fleet, targets, signal, options);
    return [...kept, ...failed];
  }

  close(): void {
    // No connection is kept.
  }

  async #remove(
    fleet: string,
    targets: readonly string[],
    signal: AbortSignal,
    options: DownOptions,
  ): Promise<DownResult> {
    const stopped: string[] = [];
    const failed: HostRemark[] = [];
    const kept: HostRemark[] = [];
    await atMost(AT_ONCE, targets, async (target) => {
      const id = idOf(target);
      try {
        const said = await this.#script(target, removeScript(placesOf(fleet), options), signal);
        stopped.push(id);
        const folder = /^kept (\S+)$/m.exec(said)?.[1];
        if (folder === undefined) return;
        const where = `is kept on that machine in ${folder}`;
        kept.push({ id, reason: `a finished result has not reached the orchestrator and ${where}` });
      } catch (error) {
        if (!(error instanceof SshError)) throw error;
        failed.push({ id, reason: error.message });
      }
    });
    return { stopped, failed, kept };
  }

  /** null: the machine has a worker of the fleet already. What fails half-way is removed again. */
  async #start(
    target: string,
    { fleet, launchToken, run, join }: UpRequest,
    { path, sha256 }: ProgramFile,
    signal: AbortSignal,
  ): Promise<ProvidedHost | null> {
    const places = placesOf(fleet);
    const before = await this.#look(target, fleet, signal);
    if (before.note !== null && before.state === 'active') {
      return before.note.launchToken === launchToken ? hostOf(target, before.note, 'running', null) : null;
    }
    const workerId = `ssh-${target.replaceAll(/[^A-Za-z0-9.-]+/g, '-').slice(0, 60)}-${fleet}`;
    const pricePerHour =
      join.prices.find(({ type }) => type === 'ssh' || type === null)?.pricePerHour ?? null;
    const note: RemoteNote = { fleet, launchToken, run, workerId, pricePerHour, at: this.#parts.now() };
    try {
      await this.#script(target, beginScript(places, `${JSON.stringify(note)}\n`), signal);
      if (before.sha256 !== sha256) {
        const stdin = createReadStream(path, { highWaterMark: 256 * 1024 });
        await this.#call(target, uploadCommand(places), stdin, UPLOAD_MS, signal);
        const after = await this.#look(target, fleet, signal);
        if (after.sha256 !== sha256) throw new SshError('the program that arrived there is another one');
      }
      await this.#script(target, startScript(places, join, { workerId, pricePerHour, now: note.at }), signal);
      return hostOf(target, note, 'running', null);
    } catch (error) {
      // Also when it was interrupted: nothing is to be left half done.
      const whole = new AbortController().signal;
      await this.#script(target, removeScript(places, { force: false }), whole).catch(() => undefined);
      throw error;
    }
  }

  async #lookAtAll(fleet: string, signal: AbortSignal) {
    const looks: { target: string; look: RemoteLook | null; reason: string | null }[] = [];
    await atMost(AT_ONCE, this.#parts.hosts, async (target) => {
      try {
        looks.push({ target, look: await this.#look(target, fleet, signal), reason: null });
      } catch (error) {
        if (!(error instanceof SshError)) throw error;
        looks.push({ target, look: null, reason: `it cannot be asked: ${error.message}` });
      }
    });
    return looks;
  }

  async #look(target: string, fleet: string, signal: AbortSignal): Promise<RemoteLook> {
    return parseLook(await this.#script(target, lookScript(placesOf(fleet)), signal));
  }

  #script(target: string, script: string, signal: AbortSignal): Promise<string> {
    return this.#call(target, AS_ROOT, script, SCRIPT_MS, signal);
  }

  #call(
    target: string,
    command: string,
    stdin: Parameters<typeof ssh>[0]['stdin'],
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<string> {
    return ssh({ target, options: this.#parts.options, command, stdin, timeoutMs, signal });
  }

  #chosen(fleet: string, ids: readonly string[]): string[] {
    const targets = new Map(this.#parts.hosts.map((target) => [idOf(target), target]));
    const strangers = ids.filter((id) => !targets.has(id));
    if (strangers.length === 0) return ids.flatMap((id) => targets.get(id) ?? []);
    throw new UserError({
      code: 'HOST_NOT_OF_FLEET',
      message: `Not a host of the fleet ${fleet}: ${strangers.join(', ')}. Nothing was stopped.`,
      hint: 'Only machines that ssh.hosts names are touched; `replay hosts list` shows them.',
    });
  }
}

function idOf(target: string): string {
  return `${target}#1`;
}

function stateOf({ state }: RemoteLook): ProvidedHost['state'] {
  if (state === 'active') return 'running';
  return state === 'activating' ? 'starting' : state === 'deactivating' ? 'stopping' : 'ended';
}

function hostOf(
  target: string,
  note: RemoteNote | null,
  state: ProvidedHost['state'],
  reason: string | null,
): ProvidedHost {
  return {
    id: idOf(target),
    state,
    launchedAt: note?.at ?? null,
    endedAt: null,
    type: 'ssh',
    zone: null,
    purchase: null,
    pricePerHour: note?.pricePerHour ?? null,
    address: target,
    run: note?.run ?? null,
    orchestrator: null,
    workerId: note?.workerId ?? null,
    reason,
  };
}
