import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { outlookText } from '../../core/format/outlook.ts';
import { decideLaunch, type Wanted } from '../../core/hosts/decide-launch.ts';
import { inLaunchTurn } from '../../core/hosts/launch-turn.ts';
import { askOutlook, prospectsOf } from '../../core/hosts/outlook.ts';
import type { JoinRequest, UpRequest } from '../../core/hosts/provider.ts';
import { asUserError, OrchestratorError } from '../../core/protocol/client-error.ts';
import type { OutlookRecord } from '../../core/protocol/fleet-record.ts';
import { seeFleet, type FleetSession, type SeenFleet } from './fleet-session.ts';

/** Another launch takes no longer, as far as is known: EC2 is asked for a minute and a half, three times. */
const PATIENCE_MS = 5 * 60_000;

/** What a launch would be. */
export interface UpPlan {
  readonly count: number;
  readonly notes: readonly string[];
  readonly outlook: OutlookRecord | null;
  readonly seen: SeenFleet;
}

/**
 * Looks at the fleet and at the run, and decides.
 * @param most hosts that a person has agreed to
 * @throws UserError for what cannot be, or cannot be asked
 */
export async function planUp(session: FleetSession, wanted: Wanted, most = Infinity): Promise<UpPlan> {
  const { settings, client } = session;
  const seen = await seeFleet(session, true);
  const asking = { ...session, seen };
  const decision = decideLaunch(settings, seen, prospectsOf(asking), wanted);
  const { count: decided, notes } = await asked(client, decision);
  const count = Math.min(decided, most);
  return { count, notes, outlook: await asked(client, askOutlook(asking, count)), seen };
}

/** For people. */
export function planText({ count, notes, outlook }: UpPlan): string {
  const fewer = notes.map((note) => `Fewer hosts are launched than could be: ${note}.`);
  return [...fewer, ...(count === 0 ? [] : [outlookText(count, outlook)])].join('\n');
}

export function upRequest(
  { settings }: FleetSession,
  { count, seen }: UpPlan,
  wanted: Wanted,
  join: JoinRequest,
): UpRequest {
  return {
    fleet: settings.name,
    run: seen.facts?.run ?? null,
    count,
    launchToken: randomUUID(),
    // A number that a person gives is meant in all; `auto` is what is missing beside these.
    counted: wanted.count === 'auto' ? seen.views.map(({ host }) => host.id) : [],
    join,
  };
}

/** Does it while nobody else launches hosts of the fleet. @throws UserError FLEET_BUSY */
export async function inTurnOf<T>(
  { client, settings, signal, turns, say }: FleetSession,
  work: () => Promise<T>,
): Promise<T> {
  const turn = { fleet: settings.name, token: randomUUID() };
  const ports = {
    client,
    ...turn,
    patienceMs: PATIENCE_MS,
    say,
    now: () => Date.now(),
    sleep: (ms: number, until: AbortSignal) => sleep(ms, undefined, { signal: until }),
  };
  await turns.begin({ ...turn, orchestrator: client.baseUrl });
  try {
    return await asked(client, inLaunchTurn(ports, signal, work));
  } finally {
    await turns.end(turn.token);
  }
}

async function asked<T>({ baseUrl }: FleetSession['client'], answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    throw error instanceof OrchestratorError ? asUserError(error, baseUrl) : error;
  });
}
