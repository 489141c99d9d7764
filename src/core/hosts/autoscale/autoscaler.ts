import type { Logger } from '../../log/logger.ts';
import type { OrchestratorClient } from '../../protocol/client.ts';
import { ownAddress } from '../orchestrator-address.ts';
import { viewFleet, type FleetHostView } from '../fleet-view.ts';
import { moneyOf } from '../money.ts';
import type { InTurn } from '../../domain/in-turn.ts';
import type { PriceBook } from '../price-book.ts';
import type { HostProvider, JoinRequest } from '../provider.ts';
import type { RecentLaunches } from '../recent-launches.ts';
import type { LaunchTurn } from '../launch-turn.ts';
import { prospectsOf } from '../outlook.ts';
import { othersOf, readRunFacts, type RunFacts } from '../run-facts.ts';
import type { AutoscaleNews } from './autoscale-news.ts';
import { dismissIdle } from '../dismiss-idle.ts';
import { withinBudget } from '../within-budget.ts';
import { decideFleet, type FleetDecision } from './decide-fleet.ts';

/** The pause after a launch that got less than it asked for; it doubles with each in a row. */
const SHORT_PAUSE_MS = 60_000;
const SHORT_PAUSE_MOST_MS = 10 * 60_000;

export interface AutoscalerParts {
  readonly book: PriceBook;
  readonly provider: HostProvider;
  readonly client: OrchestratorClient;
  /** What so many new hosts have to know to take part. */
  readonly join: (count: number, signal: AbortSignal) => Promise<JoinRequest>;
  readonly launches: RecentLaunches;
  /** Shared with whoever else launches hosts of the fleet in this process. */
  readonly turn: InTurn;
  /** Does it while nobody else launches hosts of the fleet, also from a terminal. */
  readonly launchTurn: LaunchTurn;
  readonly logger: Logger;
  /** Where others read what it does. */
  readonly news: AutoscaleNews;
  /** Between one look and the next. */
  readonly intervalMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly token: () => string;
}

/**
 * Keeps the fleet at what the run can use. It looks, decides and acts, one after the other; what it remembers
 * between two looks is no more than what its place may be late to tell.
 */
export class Autoscaler {
  readonly #parts: AutoscalerParts;
  readonly #since: number;
  #short = { inARow: 0, until: 0 };
  #told = '';

  constructor(parts: AutoscalerParts) {
    this.#parts = parts;
    this.#since = parts.now();
  }

  /** Until the signal says so. What goes wrong is logged, and tried again. The hosts stay when it ends. */
  async run(signal: AbortSignal): Promise<void> {
    const { sleep, intervalMs, turn } = this.#parts;
    while (!signal.aborted) {
      await turn(() => this.step(signal)).catch((error: Error) => {
        if (signal.aborted) return;
        this.#parts.news.failed(error);
        this.#tell('the fleet cannot be looked after for now', error);
      });
      if (!signal.aborted) await sleep(intervalMs, signal).catch(() => undefined);
    }
  }

  /** One look, and what follows from it. */
  async step(signal: AbortSignal): Promise<void> {
    const { now, news, launchTurn } = this.#parts;
    const { facts, views, up, down, notes: reasons } = await this.#decide(signal);
    const notes = [...reasons, ...elsewhere(views)];
    if (notes.length > 0) this.#tell('less hosts than the run could use', notes.join('; '));
    else this.#told = '';
    const stopped = down.length > 0 ? await this.#stop(down, views, signal) : 0;
    const isTime = up > 0 && now() >= this.#short.until;
    const launched = isTime ? await launchTurn(() => this.#launch(signal)) : 0;
    news.looked({ at: now(), launched, stopped, isPaused: facts.isPaused, notes });
  }

  async #decide(
    signal: AbortSignal,
  ): Promise<FleetDecision & { facts: RunFacts; views: readonly FleetHostView[] }> {
    const { book, provider, client, now } = this.#parts;
    const settings = await book.current(signal);
    const facts = await readRunFacts(client, signal);
    const views = await this.#look(facts, signal);
    const unsettled = (await provider.unsettled?.(settings.name, signal)) ?? 0;
    const situation = {
      views,
      openJobs: facts.openJobs,
      usable: null,
      others: othersOf(views, facts),
      isPaused: facts.isPaused,
      unsettled,
      maxHosts: settings.maxHosts,
      money: null,
      idleForMs: settings.idleAfterSeconds * 1000,
      listeningMs: now() - this.#since,
      now: now(),
    };
    // Only when hosts would be launched it matters whether they would still get a job.
    const { usable, hoursWith } = prospectsOf({
      settings,
      client,
      seen: { views, facts },
      unsettled,
      signal,
    });
    const known = { ...situation, usable: decideFleet(situation).up === 0 ? null : await usable() };
    const decision = await withinBudget({
      money: moneyOf(settings, views, facts, unsettled),
      decide: (money) => decideFleet({ ...known, money }),
      countOf: ({ up }) => up,
      hoursWith,
    });
    return { facts, views, ...decision };
  }

  /** @returns how many were stopped; a host that has taken a job since it was looked at is not */
  async #stop(
    down: FleetDecision['down'],
    views: readonly FleetHostView[],
    signal: AbortSignal,
  ): Promise<number> {
    const { book, provider, client, logger } = this.#parts;
    const meant = views.filter(({ host }) => down.some(({ id }) => id === host.id));
    const { ids } = await dismissIdle(client, meant, signal);
    if (ids.length === 0) return 0;
    const { stopped, failed } = await provider.down(book.settings.name, ids, signal, { force: false });
    const hosts = down.filter(({ id }) => ids.includes(id));
    logger.info({ event: 'fleet-down', hosts, failed }, `stopped ${stopped.length} hosts of the fleet`);
    return stopped.length;
  }

  async #look({ hosts: records }: RunFacts, signal: AbortSignal): Promise<FleetHostView[]> {
    const { book, provider, launches, now } = this.#parts;
    const hosts = launches.complete(await provider.list(book.settings.name, signal));
    return viewFleet(hosts, records, now(), ownAddress(book.settings));
  }

  /** Looks again, since others may have launched hosts until it was our turn. */
  async #launch(signal: AbortSignal): Promise<number> {
    const { up: count, facts, views } = await this.#decide(signal);
    if (count === 0) return 0;
    const { book, provider, join, launches, logger, token, news } = this.#parts;
    const request = {
      fleet: book.settings.name,
      run: facts.run,
      count,
      launchToken: token(),
      counted: views.map(({ host }) => host.id),
      join: await join(count, signal),
    };
    const progress = (line: string): void => logger.debug({ event: 'fleet-up' }, line);
    try {
      const { started, shortfalls } = await provider.up(request, progress, signal);
      launches.add(started);
      const ids = started.map(({ id }) => id);
      const fields = { event: 'fleet-up', asked: count, hosts: ids, shortfalls };
      logger.info(fields, `launched ${started.length} of ${count} hosts of the fleet`);
      this.#after(started.length < count);
      news.launched(shortfalls);
      return started.length;
    } catch (error) {
      this.#after(true);
      throw error;
    }
  }

  /** What was not to be had a moment ago is not asked for again at once. */
  #after(isShort: boolean): void {
    const inARow = isShort ? this.#short.inARow + 1 : 0;
    const pause = isShort ? Math.min(SHORT_PAUSE_MS * 2 ** (inARow - 1), SHORT_PAUSE_MOST_MS) : 0;
    this.#short = { inARow, until: this.#parts.now() + pause };
    this.#parts.news.waits(isShort ? this.#short.until : null);
  }

  /** The same thing is told once in a row. */
  #tell(message: string, about: string | Error): void {
    const text = about instanceof Error ? about.message : about;
    if (this.#told === text) return;
    this.#told = text;
    this.#parts.logger.warn({ event: 'fleet', reason: text }, message);
  }
}

/** Two orchestrators with one name of a fleet take each other's hosts for their own, and its room. */
function elsewhere(views: readonly FleetHostView[]): string[] {
  const others = views.filter(({ activity }) => activity === 'elsewhere');
  const [first] = others;
  if (first === undefined) return [];
  const who = `the orchestrator at ${first.host.orchestrator}`;
  return [`${others.length} of its hosts were launched for ${who}: give each its own name of a fleet`];
}
