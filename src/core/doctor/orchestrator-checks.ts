import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { asUserError, OrchestratorError } from '../protocol/client-error.ts';
import type { OrchestratorClient } from '../protocol/client.ts';
import type { SummaryRecord } from '../protocol/summary-record.ts';
import type { OrchestratorProbe } from './orchestrator-probe.ts';
import { failed, ok, skipped } from './finding.ts';
import type { Finding } from './finding.ts';
import { judgeClock } from './judge-host.ts';
import type { Check } from './run-checks.ts';

export interface OrchestratorDeps {
  client: Pick<OrchestratorClient, 'baseUrl' | 'time' | 'summary'>;
  probe: Pick<OrchestratorProbe, 'mayWork'>;
  hasToken: boolean;
  /** Milliseconds since 1970. */
  now(): number;
  lookUp?: (host: string) => Promise<readonly { address: string }[]>;
  /** Told the summary when there is one: it says where the run's files are to be looked for. */
  onSummary(summary: SummaryRecord): void;
}

/** Without an address there is nothing to ask. */
export function withoutOrchestrator(): Check[] {
  const run = async (): Promise<Finding> => skipped('no --orchestrator was given');
  return (['dns', 'orchestrator', 'token', 'clock'] as const).map((id) => ({ id, run }));
}

export function orchestratorChecks(deps: OrchestratorDeps): Check[] {
  return [
    { id: 'dns', run: () => checkName(deps) },
    { id: 'orchestrator', run: (signal) => checkReached(deps, signal) },
    { id: 'token', run: (signal) => checkToken(deps, signal) },
    { id: 'clock', run: (signal) => checkClock(deps, signal) },
  ];
}

async function checkName({
  client,
  lookUp = (host) => lookup(host, { all: true }),
}: OrchestratorDeps): Promise<Finding> {
  const host = new URL(client.baseUrl).hostname.replace(/^\[(.*)\]$/u, '$1');
  if (isIP(host) !== 0) return skipped(`the orchestrator is given by its address, ${host}`);
  try {
    const found = await lookUp(host);
    return ok(`${host} is ${found.map(({ address }) => address).join(', ')}`, { addresses: found.length });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    return failed(
      `The name ${host} cannot be looked up (${code})`,
      'Check the name, /etc/resolv.conf and /etc/hosts, or give --orchestrator an IP address.',
    );
  }
}

async function checkReached({ client }: OrchestratorDeps, signal: AbortSignal): Promise<Finding> {
  try {
    await client.time({ signal });
    return ok(`Something answers at ${client.baseUrl}`);
  } catch (error) {
    return refusal(error, client.baseUrl);
  }
}

/**
 * Tries what needs the right `read`, then what needs `work` and changes nothing. One after the other, and
 * not again: wrong tokens are counted against this address.
 */
async function checkToken(deps: OrchestratorDeps, signal: AbortSignal): Promise<Finding> {
  const { client, probe, hasToken } = deps;
  try {
    deps.onSummary(await client.summary({ signal }));
  } catch (error) {
    if (!(error instanceof OrchestratorError)) throw error;
    if (error.kind === 'unreachable') return skipped('the orchestrator cannot be reached');
    if (error.status === 401) return notLetIn(hasToken, error);
    return refusal(error, client.baseUrl);
  }
  if (await probe.mayWork(signal)) {
    return hasToken
      ? ok('The token is valid, with the rights read and work', { rights: 'read, work' })
      : ok('The orchestrator asks for no token');
  }
  return failed(
    'The token is valid, but the right work is missing: it may only read',
    "Take a token with the right work. On the orchestrator's host: replay tokens create --rights work.",
    { rights: 'read' },
  );
}

function notLetIn(hasToken: boolean, error: OrchestratorError): Finding {
  if (!hasToken) {
    return failed(
      'The orchestrator wants a token, and none was given',
      'Give --token-file or REPLAY_TOKEN. On the orchestrator: replay tokens create --rights work.',
    );
  }
  return failed(
    `The token is not accepted: ${error.message}`,
    'It is wrong, expired or revoked: see replay tokens list on the orchestrator, and make another.',
  );
}

async function checkClock(deps: OrchestratorDeps, signal: AbortSignal): Promise<Finding> {
  const before = deps.now();
  let theirs: Date | null;
  try {
    theirs = await deps.client.time({ signal });
  } catch (error) {
    if (error instanceof OrchestratorError) return skipped('the orchestrator cannot be reached');
    throw error;
  }
  if (theirs === null) return skipped('the orchestrator does not tell its time');
  // Its answer was made in between, and says whole seconds only.
  const ours = (before + deps.now()) / 2;
  return judgeClock(ours - (theirs.getTime() + 500));
}

function refusal(error: unknown, baseUrl: string): Finding {
  if (!(error instanceof OrchestratorError)) throw error;
  const { message, hint = '' } = asUserError(error, baseUrl);
  return failed(message, hint);
}
