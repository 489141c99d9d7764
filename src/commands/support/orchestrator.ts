import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { asUserError, OrchestratorError } from '../../core/protocol/client-error.ts';
import type { OrchestratorClient } from '../../core/protocol/client.ts';
import type { HostRecord } from '../../core/protocol/host-record.ts';
import type { FullJobRecord } from '../../core/protocol/full-record.ts';
import type { SummaryRecord } from '../../core/protocol/summary-record.ts';
import { noSuchRun } from '../../core/runs/run-errors.ts';

/** A whole run as its orchestrator tells it. */
export interface RunView {
  summary: SummaryRecord;
  jobs: FullJobRecord[];
}

/**
 * Reads a run from its orchestrator.
 * @param run null: the current one
 * @throws UserError with exit code 5 when the orchestrator cannot be reached, refuses, or has no such run
 */
export async function readRun(client: OrchestratorClient, run: number | null = null): Promise<RunView> {
  const { baseUrl } = client;
  try {
    // The jobs first: a run that changes in between can then look less finished than it is, never more.
    const jobs = await client.status({ run });
    return { summary: await client.summary({ run }), jobs };
  } catch (error) {
    if (!(error instanceof OrchestratorError)) throw error;
    throw run !== null && error.kind === 'not-found'
      ? noSuchRun(run, `at the orchestrator at ${baseUrl}`)
      : asUserError(error, baseUrl);
  }
}

/**
 * Reads the hosts of the run. Throws a UserError as readRun does, and when the orchestrator is one that does
 * not know its hosts.
 */
export async function readHosts(
  client: OrchestratorClient,
): Promise<{ summary: SummaryRecord; hosts: HostRecord[] }> {
  try {
    const hosts = await client.hosts();
    if (hosts !== null) return { summary: await client.summary(), hosts };
  } catch (error) {
    throw error instanceof OrchestratorError ? asUserError(error, client.baseUrl) : error;
  }
  throw new UserError({
    code: 'HOSTS_NOT_KNOWN',
    message: `The orchestrator at ${client.baseUrl} does not tell its hosts: it is of an older version.`,
    hint: 'Start it again with this version of replay; the run goes on where it was.',
    exitCode: ExitCode.unreachable,
  });
}
