import { isIP } from 'node:net';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import type { JoinRequest } from '../../core/hosts/provider.ts';
import { parseOrchestrator } from '../../core/protocol/client-address.ts';
import { asUserError, OrchestratorError } from '../../core/protocol/client-error.ts';
import type { FleetSession } from './fleet-session.ts';

/** A new host may take so long to join: images, disks and programs have to come first. */
const JOIN_SECONDS = 3600;

/**
 * What the hosts have to know, with a token that is made for them.
 * @param uses for how many hosts; null: no token is made
 * @throws UserError when hosts elsewhere could not reach the orchestrator, or it makes no token
 */
export async function joinRequest(session: FleetSession, uses: number | null): Promise<JoinRequest> {
  const { settings, client } = session;
  const orchestrator =
    settings.orchestrator === null ? client.baseUrl : parseOrchestrator(settings.orchestrator);
  if (settings.provider !== 'local' && isLoopback(orchestrator)) {
    throw new UserError({
      code: 'ORCHESTRATOR_LOCAL',
      message: `Hosts cannot reach the orchestrator at ${orchestrator}: that is each host itself.`,
      hint: 'Say how they reach it: the setting orchestrator, or --advertised-orchestrator.',
      exitCode: ExitCode.invalidInput,
    });
  }
  const token = uses === null ? null : await makeToken(session, uses);
  return { orchestrator, token, prices: settings.prices };
}

async function makeToken({ client, settings, signal }: FleetSession, uses: number): Promise<string | null> {
  try {
    const name = `fleet ${settings.name}`;
    const { token } = await client.makeJoinToken({ uses, valid_seconds: JOIN_SECONDS, name }, { signal });
    return token;
  } catch (error) {
    throw error instanceof OrchestratorError ? asUserError(error, client.baseUrl) : error;
  }
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  const address = hostname.replaceAll(/[[\]]/g, '');
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}
