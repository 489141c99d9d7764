import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Flags } from '@oclif/core';
import { AutoscaleNews } from '../../core/hosts/autoscale/autoscale-news.ts';
import { Autoscaler } from '../../core/hosts/autoscale/autoscaler.ts';
import { FleetDesk, type DeskPlace } from '../../core/hosts/desk/fleet-desk.ts';
import { inTurn } from '../../core/domain/in-turn.ts';
import { inLaunchTurn, type TurnPorts } from '../../core/hosts/launch-turn.ts';
import type { PriceBook } from '../../core/hosts/price-book.ts';
import { RecentLaunches } from '../../core/hosts/recent-launches.ts';
import type { FleetSettings } from '../../core/hosts/settings/settings.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { Orchestrator } from '../../core/orchestrator/start.ts';
import { orchestratorClient, type OrchestratorClient } from '../../core/protocol/client.ts';
import { fleetFlags, launchFlags } from './fleet-flags.ts';
import { fleetSettings, openProvider, priceBook, type FleetFlags } from './fleet.ts';
import { joinRequest } from './join.ts';
import { contradiction, isTyped, type RawInput } from './token.ts';

/** The fleet that `serve` knows, and looks after if it is to. */
export const serveAutoscaleFlags = {
  autoscale: Flags.integer({
    description: 'launch and stop hosts of the fleet as the run needs them, at most so many at a time',
    env: 'REPLAY_AUTOSCALE',
    helpValue: 'MAX',
    min: 1,
    max: 1000,
  }),
  'autoscale-interval': Flags.integer({
    description: 'seconds between two looks at the fleet; 30 unless set',
    env: 'REPLAY_AUTOSCALE_INTERVAL',
    helpValue: 'SECONDS',
    min: 1,
    max: 3600,
  }),
  fleet: fleetFlags.fleet,
  budget: launchFlags.budget,
  'advertised-orchestrator': launchFlags['advertised-orchestrator'],
};

/** Whoever else launches hosts of the fleet is waited for; the next look is not far. */
const TURN_PATIENCE_MS = 60_000;

interface AutoscaleFlags extends FleetFlags {
  autoscale?: number | undefined;
  'autoscale-interval'?: number | undefined;
  'data-dir': string;
}

/**
 * The settings of the fleet that `serve` knows; null: none, it was given neither --autoscale nor --fleet.
 * @throws UserError for settings that cannot be used
 */
export async function serveFleet(flags: AutoscaleFlags, raw: RawInput): Promise<FleetSettings | null> {
  if (flags.autoscale === undefined && isTyped(raw, 'autoscale-interval')) {
    throw contradiction('--autoscale-interval needs --autoscale.');
  }
  if (flags.autoscale === undefined && flags.fleet === undefined) {
    if (isTyped(raw, 'budget')) throw contradiction('--budget needs --fleet or --autoscale.');
    return null;
  }
  const given = await fleetSettings(flags, raw, 'serve');
  return { ...given, maxHosts: flags.autoscale ?? given.maxHosts };
}

interface Looked {
  orchestrator: Orchestrator;
  /** That was given to `serve`; null: none was. */
  token: string | null;
  signal: AbortSignal;
}

/** The fleet of `serve`: where it is asked for over HTTP, and what looks after it. */
export class ServedFleet {
  readonly desk: FleetDesk;
  readonly #book: PriceBook;
  readonly #flags: AutoscaleFlags;
  readonly #logger: Logger;
  readonly #place = Promise.withResolvers<DeskPlace>();
  readonly #news: AutoscaleNews | null;
  readonly #shared = { launches: new RecentLaunches(() => Date.now()), turn: inTurn() };

  constructor(settings: FleetSettings, flags: AutoscaleFlags, logger: Logger) {
    this.#book = priceBook(settings, process.env, (line) => logger.warn({ event: 'fleet-prices' }, line));
    this.#flags = flags;
    this.#logger = logger;
    this.#news = flags.autoscale === undefined ? null : new AutoscaleNews(() => Date.now());
    this.desk = new FleetDesk({
      book: this.#book,
      autoscale: this.#news,
      place: this.#place.promise,
      folder: flags['data-dir'],
      ...this.#shared,
      logger,
      now: () => Date.now(),
      sleep: (ms) => sleep(ms, undefined, { ref: false }),
    });
  }

  /** Until the signal; resolves when nothing is under way any more. */
  async run(looked: Looked): Promise<void> {
    const place = await this.#open(looked).catch((error: unknown) => {
      this.#place.reject(error);
      throw error;
    });
    this.#place.resolve(place);
    const tried = this.desk.tryOut();
    try {
      if (this.#news === null) await untilAborted(looked.signal);
      else await this.#lookAfter(place, this.#news);
      await tried;
      await this.desk.settled();
    } finally {
      place.provider.close();
    }
  }

  async #open(looked: Looked): Promise<DeskPlace> {
    const { orchestrator, signal } = looked;
    const token = await ownToken(looked);
    const client = orchestratorClient({ baseUrl: orchestrator.url, token: token ?? undefined });
    const warn = (line: string): void => this.#logger.warn({ event: 'fleet' }, line);
    const places = { stateDir: this.#flags['data-dir'], env: process.env, warn };
    return {
      provider: await openProvider(this.#book, places),
      client,
      launchTurn: (work) => inLaunchTurn(this.#turnPorts(client), signal, work),
      join: (count, signal) => joinRequest({ settings: this.#book.settings, client, signal }, count),
      signal,
    };
  }

  #turnPorts(client: OrchestratorClient): TurnPorts {
    return {
      client,
      fleet: this.#book.settings.name,
      token: randomUUID(),
      patienceMs: TURN_PATIENCE_MS,
      say: (line) => this.#logger.info({ event: 'fleet' }, line),
      now: () => Date.now(),
      sleep: (ms, until) => sleep(ms, undefined, { signal: until }),
    };
  }

  async #lookAfter(place: DeskPlace, news: AutoscaleNews): Promise<void> {
    const { settings } = this.#book;
    const { signal } = place;
    const about = { event: 'fleet', fleet: settings.name, max: settings.maxHosts };
    this.#logger.info(about, 'looks after the fleet');
    await new Autoscaler({
      ...place,
      ...this.#shared,
      book: this.#book,
      logger: this.#logger,
      news,
      intervalMs: (this.#flags['autoscale-interval'] ?? 30) * 1000,
      now: () => Date.now(),
      sleep: (ms, signal) => sleep(ms, undefined, { signal }),
      token: () => randomUUID(),
    }).run(signal);
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** The orchestrator asks itself what everybody can ask, with the token that has all rights. */
async function ownToken({ orchestrator: { access }, token }: Looked): Promise<string | null> {
  if (access.kind === 'open') return null;
  return access.source === 'kept' ? (await readFile(access.file, 'utf8')).trim() : token;
}
