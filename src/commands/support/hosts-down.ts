import { ExitCode } from '../../core/domain/exit-codes.ts';
import { dismissIdle } from '../../core/hosts/dismiss-idle.ts';
import type { DownOutcome } from '../../core/hosts/down-hosts.ts';
import type { FleetHostView } from '../../core/hosts/fleet-view.ts';
import { asUserError, OrchestratorError } from '../../core/protocol/client-error.ts';
import type { FleetSession } from './fleet-session.ts';
import { hosts } from './fleet-text.ts';

/** Of hosts that were chosen because they are idle, those that still are; they get no more jobs. */
export async function stillIdle(
  { client, signal, say }: FleetSession,
  views: readonly FleetHostView[],
  chosen: readonly string[],
): Promise<readonly string[]> {
  const meant = views.filter(({ host }) => chosen.includes(host.id));
  try {
    const { ids, atWork } = await dismissIdle(client, meant, signal);
    for (const id of atWork) say(`${id} has taken a job meanwhile, and stays.`);
    return ids;
  } catch (error) {
    throw error instanceof OrchestratorError ? asUserError(error, client.baseUrl) : error;
  }
}

export function downExitCode({ failed, kept, remaining, pending }: DownOutcome): ExitCode {
  if (failed.length > 0) return ExitCode.failed;
  return kept.length > 0 || remaining.length > 0 || pending > 0 ? ExitCode.partial : ExitCode.ok;
}

/** What was stopped on stdout; on stderr what was not, and what is left. */
export function showDown(say: (line: string) => void, outcome: DownOutcome): void {
  const { stopped, failed, kept, remaining, pending } = outcome;
  process.stdout.write(stopped.map((id) => `${id}\n`).join(''));
  for (const { id, reason } of failed) say(`${id} could not be stopped: ${reason}`);
  for (const { id, reason } of kept) {
    say(`${id}: ${reason}. \`replay hosts up\` starts a worker there that delivers it; --force removes it.`);
  }
  if (remaining.length > 0) say(`Still listed as running: ${remaining.join(' ')}`);
  if (pending > 0) {
    say(
      `A launch of ${hosts(pending)} is under way, or nobody knows yet what became of it: look again later.`,
    );
  }
  const none = stopped.length === 0 && failed.length === 0 && remaining.length === 0;
  say(none ? 'There is no such host to stop.' : `Stopping ${hosts(stopped.length)}.`);
}
