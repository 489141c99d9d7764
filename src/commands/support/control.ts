import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { asUserError, OrchestratorError } from '../../core/protocol/client-error.ts';
import type { OrchestratorClient } from '../../core/protocol/client.ts';

/**
 * What the orchestrator answers to a request about the run as a whole.
 * @throws UserError with exit code 5, also when it is an older one that does not know the request
 */
export async function askOf<Answer>(
  client: OrchestratorClient,
  ask: (client: OrchestratorClient) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(client);
  } catch (error) {
    if (!(error instanceof OrchestratorError)) throw error;
    if (error.status !== 404) throw asUserError(error, client.baseUrl);
    throw new UserError({
      code: 'CONTROL_NOT_KNOWN',
      message: `The orchestrator at ${client.baseUrl} cannot be asked for this: it is of an older version.`,
      hint: 'Start it again with this version of replay; the run goes on where it was.',
      exitCode: ExitCode.unreachable,
      cause: error,
    });
  }
}
