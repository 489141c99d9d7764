import { ExitCode } from '../../core/domain/exit-codes.ts';
import type { DownOutcome } from '../../core/hosts/down-hosts.ts';
import { hosts } from './fleet-text.ts';

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
