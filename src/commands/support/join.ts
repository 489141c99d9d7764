import { isIP } from 'node:net';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { hostPrices } from '../../core/hosts/host-prices.ts';
import type { JoinRequest } from '../../core/hosts/provider.ts';
import { parseOrchestrator } from '../../core/protocol/client-address.ts';
import { MAX_WORKER_SECONDS } from '../../core/protocol/join-record.ts';
import { asUserError, OrchestratorError } from '../../core/protocol/client-error.ts';
import type { FleetSession } from './fleet-session.ts';

type Joining = Pick<FleetSession, 'settings' | 'client' | 'signal'>;

/** A new host may take so long to join: images, disks and programs have to come first. */
const JOIN_SECONDS = 3600;

/**
 * What the hosts have to know, with a token that is made for them.
 * @param uses for how many hosts; null: no token is made
 * @throws UserError when hosts elsewhere could not reach the orchestrator, or it makes no token
 */
export async function joinRequest(session: Joining, uses: number | null): Promise<JoinRequest> {
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
  const sha256 = settings.provider === 'ec2' ? await programOf(session) : null;
  return { orchestrator, token, prices: hostPrices(settings), sha256, work: settings.work };
}

/** New machines have nothing: they fetch the program from the orchestrator. */
async function programOf({ client, signal }: Joining): Promise<string> {
  const sha256 = await asked(client, () => client.programSha256({ signal }));
  if (sha256 !== null) return sha256;
  throw new UserError({
    code: 'NO_PROGRAM_FILE',
    message: `The orchestrator at ${client.baseUrl} has no program to hand out to new hosts.`,
    hint: 'It runs from source, or is an older version. Start it with the single file of this version.',
    exitCode: ExitCode.unreachable,
  });
}

async function asked<T>({ baseUrl }: { baseUrl: string }, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw error instanceof OrchestratorError ? asUserError(error, baseUrl) : error;
  }
}

async function makeToken({ client, settings, signal }: Joining, uses: number): Promise<string | null> {
  const wanted = {
    uses,
    valid_seconds: JOIN_SECONDS,
    // From when it joins; a host gets no older than that.
    worker_valid_seconds: Math.min(settings.work.lifetimeSeconds + JOIN_SECONDS, MAX_WORKER_SECONDS),
    name: `fleet ${settings.name}`,
  };
  return (await asked(client, () => client.makeJoinToken(wanted, { signal }))).token;
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  const address = hostname.replaceAll(/[[\]]/g, '');
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}
