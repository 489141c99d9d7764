import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Flags } from '@oclif/core';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { Autoscaler } from '../../core/hosts/autoscale/autoscaler.ts';
import type { FleetSettings } from '../../core/hosts/settings/settings.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { Orchestrator } from '../../core/orchestrator/start.ts';
import { OrchestratorClient } from '../../core/protocol/client.ts';
import { fleetFlags, launchFlags } from './fleet-flags.ts';
import { fleetSettings, openProvider, withFetchedPrices, type FleetFlags } from './fleet.ts';
import { joinRequest } from './join.ts';
import { contradiction, isTyped, type RawInput } from './token.ts';

/** The fleet that `serve` looks after. */
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

interface AutoscaleFlags extends FleetFlags {
  autoscale?: number | undefined;
  'autoscale-interval'?: number | undefined;
  'data-dir': string;
}

/** @throws UserError for settings of a fleet that cannot be used; null: there is nothing to look after */
export async function serveAutoscale(flags: AutoscaleFlags, raw: RawInput): Promise<FleetSettings | null> {
  if (flags.autoscale === undefined) {
    const useless = ['autoscale-interval', 'fleet', 'budget'].find((flag) => isTyped(raw, flag));
    if (useless !== undefined) throw contradiction(`--${useless} needs --autoscale.`);
    return null;
  }
  const settings = await fleetSettings(flags, raw, 'launch');
  if (settings.provider === 'local' || settings.orchestrator !== null) {
    return { ...settings, maxHosts: flags.autoscale };
  }
  throw new UserError({
    code: 'ORCHESTRATOR_LOCAL',
    message: 'It is not said how the hosts of the fleet reach this orchestrator.',
    hint: 'Say it with the setting orchestrator, or --advertised-orchestrator.',
    exitCode: ExitCode.invalidInput,
  });
}

interface Looked {
  settings: FleetSettings;
  flags: AutoscaleFlags;
  orchestrator: Orchestrator;
  /** That was given to `serve`; null: none was. */
  token: string | null;
  logger: Logger;
  signal: AbortSignal;
}

/** Looks after the fleet until the signal; resolves when nothing is under way any more. */
export async function lookAfterFleet(looked: Looked): Promise<void> {
  const { flags, orchestrator, logger, signal } = looked;
  const token = await ownToken(looked);
  const client = new OrchestratorClient({ baseUrl: orchestrator.url, token: token ?? undefined });
  const warn = (line: string): void => logger.warn({ event: 'fleet' }, line);
  const settings = await withFetchedPrices(looked.settings, process.env, warn);
  const provider = await openProvider(settings, { stateDir: flags['data-dir'], env: process.env, warn });
  try {
    logger.info({ event: 'fleet', fleet: settings.name, max: settings.maxHosts }, 'looks after the fleet');
    await new Autoscaler({
      settings,
      provider,
      client,
      join: (count, signal) => joinRequest({ settings, client, signal }, count),
      logger,
      intervalMs: (flags['autoscale-interval'] ?? 30) * 1000,
      now: () => Date.now(),
      sleep: (ms, signal) => sleep(ms, undefined, { signal }),
      token: () => randomUUID(),
    }).run(signal);
  } finally {
    provider.close();
  }
}

/** The orchestrator asks itself what everybody can ask, with the token that has all rights. */
async function ownToken({ orchestrator: { access }, token }: Looked): Promise<string | null> {
  if (access.kind === 'open') return null;
  return access.source === 'kept' ? (await readFile(access.file, 'utf8')).trim() : token;
}
