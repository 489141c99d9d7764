import type { Logger } from '../log/logger.ts';
import { OrchestratorError, type OrchestratorErrorKind } from '../protocol/client-error.ts';
import type { OrchestratorClient } from '../protocol/client.ts';
import type { HostReportRecord } from '../protocol/host-report.ts';
import type { Clock } from './clock.ts';

/** Between two reports, give or take a fifth: hosts that were started together do not speak together. */
export const REPORT_EVERY_MS = 30_000;

/** After an answer that will not soon be another one: an orchestrator that does not know the path, or us. */
export const REPORT_AGAIN_MS = 3_600_000;

const LASTING: ReadonlySet<OrchestratorErrorKind> = new Set(['not-found', 'refused', 'invalid']);

interface ReporterPorts {
  client: Pick<OrchestratorClient, 'postHostReport'>;
  clock: Clock;
  logger: Logger;
  look: () => Promise<HostReportRecord>;
  /** Ends it. */
  signal: AbortSignal;
}

/**
 * Tells the orchestrator what this host is and how it is, from the start to the end of the worker, whether or
 * not it has a job. Nothing hangs on it: whatever goes wrong is left until the next time, and it never rejects.
 */
export async function reportHost(ports: ReporterPorts): Promise<void> {
  const { clock, signal } = ports;
  while (!signal.aborted) {
    const pauseMs = await report(ports);
    if (signal.aborted) return;
    await clock.sleep(pauseMs * (0.8 + 0.4 * clock.random()), signal);
  }
}

/** Sends one report; how long the next one can wait. */
async function report({ client, logger, look, signal }: ReporterPorts): Promise<number> {
  try {
    await client.postHostReport(await look(), { signal });
    return REPORT_EVERY_MS;
  } catch (error) {
    if (signal.aborted) return 0;
    logger.debug({ err: error }, 'What this host is could not be told');
    const lasts = error instanceof OrchestratorError && LASTING.has(error.kind);
    return lasts ? REPORT_AGAIN_MS : REPORT_EVERY_MS;
  }
}
