import { UserError } from '../../core/domain/user-error.ts';
import { viewFleet, type FleetHostView } from '../../core/hosts/fleet-view.ts';
import { ownAddress } from '../../core/hosts/orchestrator-address.ts';
import type { HostProvider } from '../../core/hosts/provider.ts';
import { readRunFacts, type RunFacts } from '../../core/hosts/run-facts.ts';
import type { FleetSettings } from '../../core/hosts/settings/settings.ts';
import { TurnNotes } from '../../core/hosts/turn-notes.ts';
import { asUserError, OrchestratorError } from '../../core/protocol/client-error.ts';
import type { OrchestratorClient } from '../../core/protocol/client.ts';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { fleetSettings, openProvider, priceBook, stateDir, type FleetFlags } from './fleet.ts';
import { connect } from './job-changes.ts';
import { onStopRequest } from './signals.ts';
import { readToken, type RawInput, type TokenFlags } from './token.ts';

/** Nobody waits longer for an orchestrator that does not answer to this. */
const GIVE_BACK_MS = 2000;

/** What a `hosts` command works with. */
export interface FleetSession {
  readonly settings: FleetSettings;
  readonly provider: HostProvider;
  readonly client: OrchestratorClient;
  readonly token: string | null;
  readonly signal: AbortSignal;
  readonly turns: TurnNotes;
  /** A line for people, on stderr. */
  readonly say: (line: string) => void;
}

interface Opening {
  flags: FleetFlags & TokenFlags & { orchestrator: string };
  raw: RawInput;
  purpose: 'find' | 'launch';
  /** Whether prices matter for what is done; they do unless it is said. */
  priced?: boolean;
}

/** Opens the fleet for the time of a piece of work. Ctrl-C ends that with the exit code for it. */
export async function withFleet(
  { flags, raw, purpose, priced = true }: Opening,
  work: (session: FleetSession) => Promise<void>,
): Promise<void> {
  const given = await fleetSettings(flags, raw, purpose);
  const token = await readToken(flags, raw);
  const client = connect(flags.orchestrator, token);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const book = priceBook(given, process.env, say);
  const places = { stateDir: stateDir(flags, process.env), env: process.env, warn: say };
  const provider = await openProvider(book, places);
  const stop = onStopRequest();
  try {
    const turns = new TurnNotes(places.stateDir);
    await giveBackAbandoned(turns, client);
    const settings = priced ? await book.current(stop.signal) : given;
    await work({ settings, provider, client, token, signal: stop.signal, turns, say });
  } catch (error) {
    if (!stop.signal.aborted || (error instanceof UserError && error.code !== 'DECLINED')) throw error;
    say('Stopped. Nothing more is asked for.');
  } finally {
    if (stop.signal.aborted) process.exitCode = ExitCode.interrupted;
    provider.close();
    stop.dispose();
  }
}

/** The turns of commands that were killed: the next launch need not wait until they run out. */
async function giveBackAbandoned(turns: TurnNotes, client: OrchestratorClient): Promise<void> {
  for (const { fleet, orchestrator, token } of await turns.abandoned()) {
    if (orchestrator !== client.baseUrl) continue;
    const signal = AbortSignal.timeout(GIVE_BACK_MS);
    // One that cannot be given back runs out by itself, and may be over for long.
    await client.launchTurn({ fleet, token, seconds: 0 }, { signal }).catch(() => null);
    await turns.end(token);
  }
}

export interface SeenFleet {
  readonly views: FleetHostView[];
  /** null: the orchestrator could not be asked. */
  readonly facts: RunFacts | null;
  readonly asked: boolean;
}

/** The fleet as its place and the orchestrator tell it; the latter only if it can be reached. */
export async function seeFleet(session: FleetSession, needed = false): Promise<SeenFleet> {
  const { settings, provider, client, signal, say } = session;
  const facts = await readRunFacts(client, signal).catch((error: unknown) => {
    if (!(error instanceof OrchestratorError)) throw error;
    if (needed) throw asUserError(error, client.baseUrl);
    say(`The orchestrator at ${client.baseUrl} cannot be asked what the hosts do: ${error.message}`);
    return null;
  });
  const hosts = await provider.list(settings.name, signal);
  const own = ownAddress(settings);
  return { views: viewFleet(hosts, facts?.hosts ?? null, Date.now(), own), facts, asked: facts !== null };
}
