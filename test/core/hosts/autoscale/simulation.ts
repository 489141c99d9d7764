/** A run with a fleet that is looked after, played on a clock of its own; the same for the same seed. */
import { moreHosts } from '../../../../src/core/domain/forecast/more-hosts.ts';
import { restOf } from '../../../../src/core/domain/forecast/rest.ts';
import { seededRandom } from '../../../../src/core/domain/forecast/seeded-random.ts';
import type { Job } from '../../../../src/core/domain/job.ts';
import { formatUtc } from '../../../../src/core/domain/time.ts';
import { Autoscaler } from '../../../../src/core/hosts/autoscale/autoscaler.ts';
import { AutoscaleNews } from '../../../../src/core/hosts/autoscale/autoscale-news.ts';
import { inTurn } from '../../../../src/core/domain/in-turn.ts';
import type { UpRequest } from '../../../../src/core/hosts/provider.ts';
import { RecentLaunches } from '../../../../src/core/hosts/recent-launches.ts';
import { silentLogger } from '../../../../src/core/log/logger.ts';
import type { OrchestratorClient } from '../../../../src/core/protocol/client.ts';
import type { ForecastQuery } from '../../../../src/core/protocol/forecast-record.ts';
import { aJob, anAttempt } from '../../domain/builders.ts';
import { aRecord, NOW } from '../support/builders.ts';
import { aHost, MemoryProvider } from '../support/memory-provider.ts';
import { aBook, someSettings } from '../support/settings.ts';

const STEP_SECONDS = 10;
const LOOK_SECONDS = 30;

export interface SimulationOptions {
  readonly slices: number;
  /** Shortest and longest time of a slice. */
  readonly seconds: readonly [number, number];
  readonly bootSeconds: number;
  readonly maxHosts: number;
  /** Mean time until EC2 takes a host back; null: never. */
  readonly interruptedAfter: number | null;
  /** Whether the orchestrator tells what more hosts would do; one of an older version does not. */
  readonly forecasts: boolean;
  readonly seed: number;
}

export interface Course {
  readonly launches: number;
  readonly hosts: number;
  readonly withoutJob: number;
  /** Hosts that were taken back. */
  readonly interrupted: number;
  readonly endSeconds: number;
  readonly hostSeconds: number;
}

interface SimHost {
  readonly id: string;
  readonly launched: number;
  slice: SimSlice | null;
  worked: boolean;
  ended: number | null;
}

interface SimSlice {
  readonly id: number;
  readonly seconds: number;
  started: number | null;
  done: number | null;
}

/** Plays a run to its end, and until all hosts are gone. */
export async function simulate(options: SimulationOptions): Promise<Course> {
  const {
    slices: count,
    seconds: [least, most],
    bootSeconds,
    maxHosts,
    interruptedAfter,
    seed,
  } = options;
  const random = seededRandom(seed);
  const slices: SimSlice[] = Array.from({ length: count }, (_, at) => {
    return { id: at + 1, seconds: least + random() * (most - least), started: null, done: null };
  });
  const hosts: SimHost[] = [];
  let now = 0;
  const wall = (seconds: number): number => NOW + seconds * 1000;
  const isThere = ({ launched, ended }: SimHost): boolean => ended === null && launched + bootSeconds <= now;
  const provider = new SimProvider(hosts, () => now, wall);
  const jobs = (): Job[] => slices.map((slice) => jobOf(slice, now, wall));
  const client = {
    summary: async () => {
      const held = slices.filter(({ started, done }) => started !== null && done === null).length;
      const waiting = slices.filter(({ started }) => started === null).length;
      const statuses = { WAITING_4_WORKER: waiting, STARTED: 0, LOADING_SNAPSHOT: 0, WORKING: held };
      return { run_id: 1, statuses, cost: null, time_left: null, paused: null };
    },
    hosts: async () =>
      // Who has spoken is known for a day, also after it has ended.
      hosts
        .filter(({ launched, ended }) => launched + bootSeconds <= (ended ?? now))
        .map(({ id, launched, slice, ended }) =>
          aRecord({
            worker_id: id,
            instance_id: id,
            is_seen: ended === null,
            first_seen: formatUtc(new Date(wall(launched + bootSeconds))),
            job_id: slice?.id ?? null,
          }),
        ),
    dismissHosts: async (ids: readonly string[]) => ({ dismissed: [...ids], at_work: [] }),
    forecast: async ({ bootSeconds: boot, hosts: more, arriving }: ForecastQuery) => {
      const rest = options.forecasts ? restOf(jobs(), new Date(wall(now)), 'manifest') : null;
      if (rest === null) return null;
      const idle = hosts.filter((host) => isThere(host) && host.slice === null).length;
      return { hosts_usable: moreHosts(rest, { idle, arriving }, { bootSeconds: boot, asked: more }).usable };
    },
  } as unknown as OrchestratorClient;
  const autoscaler = new Autoscaler({
    book: aBook(someSettings({ maxHosts })),
    provider,
    client,
    join: async () => ({}) as never,
    launches: new RecentLaunches(() => wall(now)),
    turn: inTurn(),
    launchTurn: (work) => work(),
    logger: silentLogger,
    news: new AutoscaleNews(() => wall(now)),
    intervalMs: LOOK_SECONDS * 1000,
    now: () => wall(now),
    sleep: async () => undefined,
    token: () => 't',
  });
  let [end, interrupted] = [0, 0];
  for (; now < 200_000; now += STEP_SECONDS) {
    for (const host of hosts.filter(isThere)) {
      const { slice } = host;
      if (slice !== null && slice.started! + slice.seconds <= now) {
        slice.done = now;
        host.slice = null;
        end = now;
      }
      const isTaken = interruptedAfter !== null && random() < STEP_SECONDS / interruptedAfter;
      if (isTaken) interrupted += 1;
      if (isTaken) endHost(host, now);
      else if (host.slice === null) take(host, slices, now);
    }
    if (now % LOOK_SECONDS === 0) await autoscaler.step(new AbortController().signal);
    if (slices.every(({ done }) => done !== null) && hosts.every(({ ended }) => ended !== null)) break;
  }
  return {
    launches: provider.calls.filter((call) => call.startsWith('up')).length,
    hosts: hosts.length,
    withoutJob: hosts.filter(({ worked }) => !worked).length,
    interrupted,
    endSeconds: end,
    hostSeconds: hosts.reduce((sum, { launched, ended }) => sum + (ended ?? now) - launched, 0),
  };
}

function take(host: SimHost, slices: readonly SimSlice[], now: number): void {
  const next = slices.find(({ started }) => started === null) ?? null;
  if (next === null) return;
  next.started = now;
  host.slice = next;
  host.worked = true;
}

/** Its job goes back. */
function endHost(host: SimHost, now: number): void {
  host.ended = now;
  if (host.slice !== null) host.slice.started = null;
  host.slice = null;
}

class SimProvider extends MemoryProvider {
  readonly #hosts: SimHost[];
  readonly #now: () => number;
  readonly #wall: (seconds: number) => number;

  constructor(hosts: SimHost[], now: () => number, wall: (seconds: number) => number) {
    super();
    this.#hosts = hosts;
    this.#now = now;
    this.#wall = wall;
  }

  override async up({ count }: UpRequest) {
    this.calls.push(`up ${count}`);
    const made = Array.from({ length: count }, (): SimHost => {
      const id = `h${this.#hosts.length}`;
      const host = { id, launched: this.#now(), slice: null, worked: false, ended: null };
      this.#hosts.push(host);
      return host;
    });
    const ids = new Set(made.map(({ id }) => id));
    return { started: (await this.list()).filter(({ id }) => ids.has(id)), shortfalls: [] };
  }

  override async list() {
    return this.#hosts.map(({ id, launched, ended }) =>
      aHost({
        id,
        workerId: id,
        run: '1',
        launchedAt: this.#wall(launched),
        state: ended === null ? 'running' : 'ended',
        endedAt: ended === null ? null : this.#wall(ended),
        reason: ended === null ? null : 'User initiated',
      }),
    );
  }

  override async down(_fleet: string, ids: readonly string[]) {
    for (const host of this.#hosts) if (ids.includes(host.id)) endHost(host, this.#now());
    return { stopped: ids, failed: [], kept: [] };
  }
}

/** As the orchestrator would have it. */
function jobOf(
  { id, seconds, started, done }: SimSlice,
  now: number,
  wall: (seconds: number) => number,
): Job {
  if (started === null) return aJob({}, { sliceId: id });
  const startTime = formatUtc(new Date(wall(started)));
  if (done === null) {
    const blocks = Math.floor(((now - started) / seconds) * 100);
    const attempts = [anAttempt({ startTime, endTime: null, outcome: null })];
    const at = { lastBlockProcessed: (id - 1) * 100 + blocks, blocksPerSecond: 100 / seconds };
    return aJob({ status: 'WORKING', startTime, attempts, ...at }, { sliceId: id });
  }
  const endTime = formatUtc(new Date(wall(done)));
  const stageTimes = { replay: (done - started) * 1000 };
  const attempts = [anAttempt({ startTime, endTime, stageTimes, outcome: 'COMPLETE' })];
  return aJob({ status: 'COMPLETE', startTime, endTime, attempts }, { sliceId: id });
}
