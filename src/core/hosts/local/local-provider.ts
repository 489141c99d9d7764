import { readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../domain/user-error.ts';
import { acquireLock, lockHolder } from '../../files/lock.ts';
import { isRunning } from '../../files/process-identity.ts';
import type {
  DownOptions,
  DownResult,
  DryRun,
  HostProvider,
  HostRemark,
  JoinRequest,
  ProvidedHost,
  Shortfall,
  UpRequest,
  UpResult,
} from '../provider.ts';
import { workArguments } from '../work-arguments.ts';
import { Slot, type SlotNote } from './slot.ts';
import { startWorker } from './start-worker.ts';
import { stopWorker } from './stop-worker.ts';

export interface LocalParts {
  /** Where the folders of the workers are. */
  readonly stateDir: string;
  /** So many workers may be on this machine for one fleet. */
  readonly workers: number;
  /** What starts this program: the file, or the runtime with it. */
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
}

/** A worker that cannot start says so soon. */
const SETTLE_MS = 10_000;
const LOOK_EVERY_MS = 50;

/** Workers on this machine, each a process of its own that outlives the command. */
export class LocalProvider implements HostProvider {
  readonly name = 'local';
  readonly #parts: LocalParts;

  constructor(parts: LocalParts) {
    this.#parts = parts;
  }

  async up(request: UpRequest, progress: (line: string) => void, signal: AbortSignal): Promise<UpResult> {
    signal.throwIfAborted();
    const folder = this.#folder(request.fleet);
    const lock = await acquireLock(folder);
    try {
      const started: ProvidedHost[] = [];
      const shortfalls: Shortfall[] = [];
      const before = (await this.#slots(request.fleet, 'all')).map(async (slot) =>
        this.#ofLaunch(slot, request),
      );
      started.push(...(await Promise.all(before)).filter((host) => host !== null));
      for (let number = 1; number <= this.#parts.workers; number += 1) {
        if (started.length >= request.count || signal.aborted) break;
        const slot = new Slot(folder, number);
        if ((await slot.running()) !== null) continue;
        const problem = await this.#start(slot, request);
        if (problem === null) started.push(await this.#host(slot));
        else shortfalls.push(shortfall('LocalStartFailed', `${slot.id}: ${problem}`));
        progress(
          problem === null ? `${slot.id} works in ${slot.dataDir}.` : `${slot.id} did not start: ${problem}`,
        );
        // What is wrong with one is wrong with all.
        if (problem !== null) break;
      }
      if (started.length < request.count && shortfalls.length === 0 && !signal.aborted) {
        const limit = `this machine is to have ${this.#parts.workers} (setting local.workers)`;
        shortfalls.push(shortfall('LocalLimit', limit));
      }
      return { started, shortfalls };
    } finally {
      await lock.release();
    }
  }

  async dryRunUp(request: UpRequest): Promise<DryRun> {
    const { count, fleet, join: wanted } = request;
    const slots = Array.from({ length: Math.min(count, this.#parts.workers) }, (_, index) => index + 1);
    const commands = slots.map((number) => this.#command(new Slot(this.#folder(fleet), number), wanted));
    return {
      lines: commands.map((words) => words.join(' ')),
      requests: commands.map((command) => ({ command })),
    };
  }

  async list(fleet: string): Promise<ProvidedHost[]> {
    const slots = await this.#slots(fleet, 'noted');
    const hosts = await Promise.all(slots.map((slot) => this.#host(slot)));
    return hosts.toSorted((a, b) => (a.launchedAt ?? 0) - (b.launchedAt ?? 0));
  }

  async down(
    fleet: string,
    ids: readonly string[],
    _signal: AbortSignal,
    { force }: DownOptions,
  ): Promise<DownResult> {
    const slots = await this.#chosen(fleet, ids);
    const results = await Promise.all(slots.map((slot) => this.#stop(slot, force)));
    return {
      stopped: results.filter(({ reason }) => reason === null).map(({ id }) => id),
      failed: results.flatMap(({ id, reason }) => (reason === null ? [] : [{ id, reason }])),
      kept: results.flatMap(({ kept }) => (kept === null ? [] : [kept])),
    };
  }

  async dryRunDown(fleet: string, ids: readonly string[]): Promise<DryRun> {
    const slots = await this.#chosen(fleet, ids);
    const workers = await Promise.all(
      slots.map(async (slot) => ({ id: slot.id, worker: await slot.running() })),
    );
    return {
      lines: workers.map(({ id, worker }) =>
        worker ? `SIGTERM to process ${worker.pid} (${id})` : `${id} has ended`,
      ),
      requests: workers.map(({ id, worker }) => ({ id, pid: worker?.pid ?? null })),
    };
  }

  async cleanUp(fleet: string, _signal: AbortSignal, { force }: DownOptions): Promise<HostRemark[]> {
    const kept: HostRemark[] = [];
    for (const slot of await this.#slots(fleet, 'all')) {
      if ((await slot.running()) !== null) continue;
      if (!force && (await slot.hasResult())) kept.push(resultIn(slot));
      else await slot.remove();
    }
    return kept;
  }

  close(): void {
    // Nothing is held: workers are on their own.
  }

  /** null: it runs. Else why it does not, and nothing of it does. */
  async #start(slot: Slot, { launchToken, run, fleet, join: wanted }: UpRequest): Promise<string | null> {
    const { env, now, sleep } = this.#parts;
    const note: SlotNote = {
      launchToken,
      at: now(),
      run,
      workerId: workerIdOf(fleet, slot),
      pricePerHour: priceOf(wanted),
      process: null,
    };
    // Before it is started, so that it is found whatever happens in between.
    await slot.write(note);
    await slot.forgetIdleTime();
    if (wanted.token !== null) await writeFile(slot.joinTokenFile, `${wanted.token}\n`, { mode: 0o600 });
    const started = await startWorker(slot, this.#command(slot, wanted), env);
    await slot.write({ ...note, process: started });
    for (let waited = 0; waited < SETTLE_MS; waited += LOOK_EVERY_MS) {
      if (!(await isRunning(started))) return (await slot.lastWords()) || 'it ended at once and said nothing';
      if ((await lockHolder(slot.dataDir))?.pid === started.pid) return null;
      await sleep(LOOK_EVERY_MS);
    }
    return null;
  }

  #command(slot: Slot, wanted: JoinRequest): string[] {
    const price = priceOf(wanted);
    return [
      ...this.#parts.command,
      'work',
      ...workArguments(wanted, { dataDir: slot.dataDir, joinTokenFile: slot.joinTokenFile }),
      // Nobody starts it again: what it has run is its age.
      `--max-lifetime=${wanted.work.lifetimeSeconds}s`,
      `--worker-id=${workerIdOf(fleetOf(slot), slot)}`,
      ...(price === null ? [] : [`--price=${price}`]),
    ];
  }

  async #ofLaunch(slot: Slot, { launchToken }: UpRequest): Promise<ProvidedHost | null> {
    const note = await slot.note();
    return note?.launchToken === launchToken && (await slot.running()) !== null ? this.#host(slot) : null;
  }

  async #stop(
    slot: Slot,
    force: boolean,
  ): Promise<{ id: string; reason: string | null; kept: HostRemark | null }> {
    const { id } = slot;
    try {
      const worker = await slot.running();
      const isGone = worker === null || (await stopWorker(worker, this.#parts.sleep));
      if (!isGone) return { id, reason: `process ${worker.pid} does not end`, kept: null };
      const keeps = !force && (await slot.hasResult());
      if (!keeps) await slot.clear();
      return { id, reason: null, kept: keeps ? resultIn(slot) : null };
    } catch (error) {
      return { id, reason: (error as Error).message, kept: null };
    }
  }

  async #host(slot: Slot): Promise<ProvidedHost> {
    const note = await slot.note();
    const worker = await slot.running();
    return {
      id: slot.id,
      state: worker === null ? 'ended' : 'running',
      launchedAt: note?.at ?? null,
      endedAt: null,
      type: 'local',
      zone: null,
      purchase: null,
      pricePerHour: note?.pricePerHour ?? null,
      address: worker === null ? null : `process ${worker.pid}`,
      run: note?.run ?? null,
      orchestrator: null,
      workerId: note?.workerId ?? null,
      reason: worker === null ? (await slot.lastWords()) || null : null,
    };
  }

  async #chosen(fleet: string, ids: readonly string[]): Promise<Slot[]> {
    const slots = new Map((await this.#slots(fleet, 'noted')).map((slot) => [slot.id, slot]));
    const strangers = ids.filter((id) => !slots.has(id));
    if (strangers.length === 0) return ids.flatMap((id) => slots.get(id) ?? []);
    throw new UserError({
      code: 'HOST_NOT_OF_FLEET',
      message: `Not a host of the fleet ${fleet}: ${strangers.join(', ')}. Nothing was stopped.`,
      hint: '`replay hosts list` shows those that are.',
    });
  }

  async #slots(fleet: string, which: 'all' | 'noted'): Promise<Slot[]> {
    const folder = this.#folder(fleet);
    const names = await readdir(folder).catch(() => []);
    const slots = names
      .filter((name) => /^\d{1,4}$/.test(name))
      .map((name) => new Slot(folder, Number(name)))
      .toSorted((a, b) => a.number - b.number);
    if (which === 'all') return slots;
    const notes = await Promise.all(slots.map((slot) => slot.note()));
    return slots.filter((_, index) => notes[index] !== null);
  }

  #folder(fleet: string): string {
    return join(this.#parts.stateDir, 'local', fleet);
  }
}

function fleetOf(slot: Slot): string {
  return slot.folder.split('/').at(-2) ?? '';
}

/** The same at every start: it holds the jobs of the slot's data directory. */
function workerIdOf(fleet: string, slot: Slot): string {
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9.-]/g, '-')
    .slice(0, 40);
  return `local-${host}-${fleet}-${slot.number}`;
}

function priceOf({ prices }: JoinRequest): number | null {
  return prices.find(({ type }) => type === 'local' || type === null)?.pricePerHour ?? null;
}

function resultIn({ id, dataDir }: Slot): HostRemark {
  return { id, reason: `a finished result has not reached the orchestrator and is kept in ${dataDir}` };
}

function shortfall(code: string, reason: string): Shortfall {
  return { zone: null, type: null, code, reason };
}
