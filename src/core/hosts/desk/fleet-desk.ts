import { randomUUID } from 'node:crypto';
import { UserError } from '../../domain/user-error.ts';
import type { Logger } from '../../log/logger.ts';
import { asUserError, OrchestratorError } from '../../protocol/client-error.ts';
import type { OrchestratorClient } from '../../protocol/client.ts';
import type {
  DownWish,
  FleetDownAnswer,
  FleetRecord,
  FleetRequest,
  FleetUpAnswer,
  UpWish,
} from '../../protocol/fleet-record.ts';
import type { AutoscaleNews } from '../autoscale/autoscale-news.ts';
import { chooseDown } from '../choose-down.ts';
import { dearest } from '../dearest.ts';
import { decideLaunch } from '../decide-launch.ts';
import { dismissIdle } from '../dismiss-idle.ts';
import { downHosts } from '../down-hosts.ts';
import { ownAddress } from '../orchestrator-address.ts';
import { viewFleet, type FleetHostView } from '../fleet-view.ts';
import { providedJson, shortfallJson } from '../host-json.ts';
import type { InTurn } from '../../domain/in-turn.ts';
import type { LaunchTurn } from '../launch-turn.ts';
import { askOutlook, prospectsOf } from '../outlook.ts';
import type { PriceBook } from '../price-book.ts';
import type { HostProvider, JoinRequest } from '../provider.ts';
import type { RecentLaunches } from '../recent-launches.ts';
import { readRunFacts, type RunFacts } from '../run-facts.ts';
import { upHosts } from '../up-hosts.ts';
import { fleetRecord, type FleetSeen } from './fleet-record.ts';
import { KeptLook } from './kept-look.ts';
import { withLimitsHint } from './limits-hint.ts';
import { KnownRequests } from './known-requests.ts';

/** What is known once the orchestrator listens and the place of the hosts was opened. */
export interface DeskPlace {
  readonly provider: HostProvider;
  readonly client: OrchestratorClient;
  /** What so many new hosts have to know to take part. */
  readonly join: (count: number | null, signal: AbortSignal) => Promise<JoinRequest>;
  /** Does it while nobody else launches hosts of the fleet, also from a terminal. */
  readonly launchTurn: LaunchTurn;
  readonly signal: AbortSignal;
}

export interface DeskParts {
  readonly book: PriceBook;
  /** null: nothing looks after the fleet by itself. */
  readonly autoscale: AutoscaleNews | null;
  /** Fails with a UserError when it cannot be opened. */
  readonly place: Promise<DeskPlace>;
  /** Where requests are written down. */
  readonly folder: string;
  readonly launches: RecentLaunches;
  readonly turn: InTurn;
  readonly logger: Logger;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** Browsers, and what stands in between, wait no longer than a minute. */
const PATIENCE_MS = 20_000;

/** Where the fleet is looked at, launched and stopped over HTTP: the same as the `hosts` commands do. */
export class FleetDesk {
  readonly #parts: DeskParts;
  readonly #look: KeptLook<FleetSeen>;
  readonly #requests: KnownRequests;
  /** Why no host could be launched when that was tried out; null: it could, or was not tried out yet. */
  #problem: string | null = null;

  constructor(parts: DeskParts) {
    const { logger, now, sleep } = parts;
    this.#parts = parts;
    // That it could not be opened is told to whoever asks.
    parts.place.catch(() => undefined);
    this.#look = new KeptLook({ ask: () => this.#see(), logger, now, sleep });
    this.#requests = new KnownRequests(parts.folder);
  }

  /** The fleet as it was seen last. */
  async look(): Promise<FleetRecord> {
    const { autoscale, now, book, launches } = this.#parts;
    const look = await this.#look.current();
    // What could be launched meanwhile shows that the problem is over.
    const problem = launches.hasAny ? null : this.#problem;
    return {
      ...fleetRecord(book.settings, look, autoscale?.record() ?? null, now()),
      launch_problem: problem,
    };
  }

  /**
   * Tries out, without launching anything, whether a host could be launched, and says it loudly when not: what only
   * the place can tell would else show when the first host is needed. Never rejects.
   */
  async tryOut(): Promise<void> {
    const { logger, book } = this.#parts;
    const { provider, join, signal } = await this.#parts.place;
    const fleet = book.settings.name;
    try {
      const request = { fleet, run: null, count: 1, launchToken: randomUUID(), counted: [] };
      await provider.dryRunUp({ ...request, join: await join(null, signal) }, signal);
    } catch (error) {
      if (signal.aborted) return;
      const { code, message, hint } = error instanceof UserError ? error : defect(error);
      this.#problem = [message, hint].filter((part) => part !== undefined).join(' ');
      logger.error(
        { event: 'fleet-try-out', fleet, code, reason: message, hint },
        'no host of the fleet could be launched as things stand; the orchestrator serves all the same',
      );
    }
  }

  /** @param by who asks, for the log @throws UserError */
  up({ count, dryRun, token }: FleetRequest<UpWish>, by: string | null): Promise<FleetUpAnswer> {
    if (dryRun) return this.#up(count, true);
    const work = (): Promise<FleetUpAnswer> => this.#parts.turn(() => this.#upInTurn(count));
    return this.#requests.once(token, `up ${count}`, () =>
      this.#logged({ event: 'fleet-up', count, by }, work),
    );
  }

  /** @param by who asks, for the log @throws UserError */
  down({ choice, dryRun, token }: FleetRequest<DownWish>, by: string | null): Promise<FleetDownAnswer> {
    if (dryRun) return this.#down(choice, true);
    const work = (): Promise<FleetDownAnswer> => this.#parts.turn(() => this.#down(choice, false));
    const wish = `down ${JSON.stringify(choice)}`;
    return this.#requests.once(token, wish, () => this.#logged({ event: 'fleet-down', choice, by }, work));
  }

  /** For how long a caller is kept waiting for what it asked for. */
  async patience(): Promise<null> {
    await this.#parts.sleep(PATIENCE_MS);
    return null;
  }

  /** Resolves when nothing is under way any more. */
  settled(): Promise<void> {
    return this.#requests.settled();
  }

  async #upInTurn(wanted: number | 'auto'): Promise<FleetUpAnswer> {
    const { client, launchTurn } = await this.#parts.place;
    return answered(
      client,
      launchTurn(() => this.#up(wanted, false)),
    );
  }

  async #up(wanted: number | 'auto', dryRun: boolean): Promise<FleetUpAnswer> {
    const { launches, logger, book } = this.#parts;
    const { provider, client, join, signal } = await this.#parts.place;
    const settings = await book.current(signal);
    const seen = await this.#see(true);
    const asked = { settings, client, seen, signal };
    const decision = decideLaunch(settings, seen, prospectsOf(asked), { count: wanted, atLeast: 0 });
    const { count, notes } = await answered(client, withLimitsHint(decision));
    const outlook = await answered(client, askOutlook(asked, count));
    const answer = { dry_run: dryRun, count, price_per_hour: dearest(settings), notes, outlook };
    if (count === 0) return { ...answer, started: [], shortfalls: [] };
    const request = {
      fleet: settings.name,
      run: seen.facts?.run ?? null,
      count,
      launchToken: randomUUID(),
      counted: wanted === 'auto' ? seen.views.map(({ host }) => host.id) : [],
      join: await join(dryRun ? null : count, signal),
    };
    if (dryRun) {
      await provider.dryRunUp(request, signal);
      this.#problem = null;
      return { ...answer, started: [], shortfalls: [] };
    }
    const progress = (line: string): void => logger.debug({ event: 'fleet-up' }, line);
    const { started, shortfalls } = await upHosts(provider, request, { atLeast: 0, progress, signal });
    launches.add(started);
    return { ...answer, started: started.map(providedJson), shortfalls: shortfalls.map(shortfallJson) };
  }

  async #down(wanted: DownWish['choice'], dryRun: boolean): Promise<FleetDownAnswer> {
    const { settings } = this.#parts.book;
    const { provider, signal } = await this.#parts.place;
    const facts = await this.#facts(wanted === 'idle');
    const views = viewFleet(
      await provider.list(settings.name, signal),
      facts?.hosts ?? null,
      this.#parts.now(),
      ownAddress(settings),
    );
    const choice = wanted === 'idle' ? { idleForMs: settings.idleAfterSeconds * 1000 } : wanted;
    const { ids: chosen, strangers } = chooseDown(views, choice, facts?.waitingJobs ?? 0);
    // The place says what is wrong with them, and nothing is done.
    if (strangers.length > 0) await provider.dryRunDown(settings.name, strangers, signal);
    const ids = wanted === 'idle' && !dryRun ? await this.#stillIdle(views, chosen) : chosen;
    const meant = views.filter(({ host }) => ids.includes(host.id));
    const jobs = meant.flatMap(({ record }) =>
      record === null || record.job_id === null ? [] : [record.job_id],
    );
    const answer = { dry_run: dryRun, ids, job_ids: jobs };
    const nothing = { stopped: [], failed: [], kept: [], remaining: [], pending: 0 };
    if (dryRun && ids.length > 0) await provider.dryRunDown(settings.name, ids, signal);
    if (dryRun) return { ...answer, ...nothing };
    const work = { fleet: settings.name, ids, all: wanted === 'all', force: false };
    return { ...answer, ...(await downHosts(provider, work, signal)) };
  }

  /** But for hosts that have taken a job since they were looked at. */
  async #stillIdle(views: readonly FleetHostView[], chosen: readonly string[]): Promise<readonly string[]> {
    const { client, signal } = await this.#parts.place;
    const meant = views.filter(({ host }) => chosen.includes(host.id));
    return (await answered(client, dismissIdle(client, meant, signal))).ids;
  }

  async #see(needed = false): Promise<FleetSeen> {
    const { launches, now, book } = this.#parts;
    const { provider, signal } = await this.#parts.place;
    const settings = await book.current(signal);
    const facts = await this.#facts(needed);
    const hosts = launches.complete(await provider.list(settings.name, signal));
    if (!needed) await provider.lookBack?.(settings.name, signal);
    const own = ownAddress(settings);
    return { views: viewFleet(hosts, facts?.hosts ?? null, now(), own), facts };
  }

  /** null: this orchestrator does not answer itself in time. */
  async #facts(needed: boolean): Promise<RunFacts | null> {
    const { client, signal } = await this.#parts.place;
    const facts = answered(client, readRunFacts(client, signal));
    return needed ? facts : facts.catch((error: unknown) => nullFor(error));
  }

  async #logged<Answer extends object>(asked: object, work: () => Promise<Answer>): Promise<Answer> {
    const { logger } = this.#parts;
    logger.info({ ...asked }, 'a person asks for a change of the fleet');
    try {
      const answer = await work();
      logger.info({ ...asked, ...summaryOf(answer) }, 'the fleet was changed as a person asked');
      return answer;
    } catch (error) {
      logger.warn({ ...asked, err: error }, 'the fleet was not changed as a person asked');
      throw error;
    } finally {
      this.#look.stale();
    }
  }
}

/** What this orchestrator says of itself. @throws UserError when it does not, in time */
async function answered<T>({ baseUrl }: OrchestratorClient, answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    throw error instanceof OrchestratorError ? asUserError(error, baseUrl) : error;
  });
}

function nullFor(error: unknown): null {
  if (error instanceof UserError) return null;
  throw error;
}

/** For the log: what was started by id alone. */
function summaryOf(answer: object): object {
  return 'started' in answer
    ? { ...answer, started: (answer.started as { id: string }[]).map(({ id }) => id) }
    : answer;
}

function defect(error: unknown): { code: string; message: string; hint?: string } {
  return { code: 'FLEET_TRY_OUT', message: error instanceof Error ? error.message : String(error) };
}
