import { parseOrchestrator } from '../../core/protocol/client-address.ts';
import { asUserError, OrchestratorError } from '../../core/protocol/client-error.ts';
import { OrchestratorClient } from '../../core/protocol/client.ts';
import type { FullJobRecord } from '../../core/protocol/full-record.ts';
import type { SummaryRecord } from '../../core/protocol/summary-record.ts';

/** A whole run as its orchestrator tells it. */
export interface RunView {
  summary: SummaryRecord;
  jobs: FullJobRecord[];
}

/**
 * Reads the run from the orchestrator at an address as a user writes it, with a token where one is needed. Throws a UserError: exit
 * code 2 for a malformed address, 5 when the orchestrator cannot be reached or refuses.
 */
export async function readRun(address: string, token: string | null): Promise<RunView> {
  const baseUrl = parseOrchestrator(address);
  const client = new OrchestratorClient({ baseUrl, token: token ?? undefined });
  try {
    // The jobs first: a run that changes in between can then look less finished than it is, never more.
    const jobs = await client.status();
    return { summary: await client.summary(), jobs };
  } catch (error) {
    throw error instanceof OrchestratorError ? asUserError(error, baseUrl) : error;
  }
}
