import { ExitCode } from '../../core/domain/exit-codes.ts';
import { formatUsd } from '../../core/format/usd.ts';
import { dearest } from '../../core/hosts/dearest.ts';
import type { Wanted } from '../../core/hosts/decide-launch.ts';
import type { DryRun } from '../../core/hosts/provider.ts';
import type { UpOutcome } from '../../core/hosts/up-hosts.ts';
import type { FleetSession } from './fleet-session.ts';
import { hostLine, hosts, shortfallLine } from './fleet-text.ts';
import type { UpPlan } from './plan-up.ts';
import { contradiction } from './token.ts';

/** @throws UserError for what is no number of hosts */
export function wantedCount(text: string, atLeast: number): Wanted {
  if (text === 'auto') return { count: 'auto', atLeast };
  const count = Number(text);
  if (!/^\d{1,4}$/.test(text) || count < 1 || count > 1000) {
    throw contradiction(`${JSON.stringify(text)} is not a number of hosts; expected 1 to 1000, or auto.`);
  }
  if (atLeast > count) throw contradiction(`--at-least ${atLeast} is more than ${count}.`);
  return { count, atLeast };
}

export function question({ settings }: FleetSession, count: number): string {
  const price = dearest(settings);
  const cost =
    price === null ? 'at prices that are not known' : `for at most ${formatUsd(price * count)} an hour`;
  return `Launch ${hosts(count)} for the fleet ${settings.name} ${settings.provider === 'ec2' ? `${cost}?` : '?'}`;
}

export function upExitCode({ started, takenBack, notTakenBack }: UpOutcome, wished: number): ExitCode {
  if (takenBack.length > 0 || notTakenBack.length > 0 || started.length === 0) return ExitCode.failed;
  return started.length < wished ? ExitCode.partial : ExitCode.ok;
}

/** @param plan of hosts that would be launched */
export function showDryRun(
  { settings }: FleetSession,
  { lines, requests }: DryRun,
  json: boolean,
  plan: Pick<UpPlan, 'count' | 'notes' | 'outlook'> | null = null,
): void {
  if (json) {
    const would = plan === null ? {} : { asked: plan.count, notes: plan.notes, outlook: plan.outlook };
    const answer = { fleet: settings.name, dry_run: true, ...would, requests };
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    return;
  }
  process.stdout.write(`Allowed, and not done:\n${lines.map((line) => `  ${line}\n`).join('')}`);
}

/** What was launched on stdout, what was not on stderr. */
export function showOutcome({ say }: FleetSession, outcome: UpOutcome, asked: number): void {
  const { started, shortfalls, takenBack, notTakenBack } = outcome;
  process.stdout.write(started.map((host) => `${hostLine(host)}\n`).join(''));
  if (shortfalls.length > 0)
    say(`Could not be had:\n${shortfalls.map((one) => `  ${shortfallLine(one)}`).join('\n')}`);
  if (takenBack.length > 0) say(`Stopped again: ${takenBack.join(' ')}`);
  for (const { id, reason } of notTakenBack) say(`${id} could not be stopped again and runs: ${reason}`);
  if (notTakenBack.length > 0) {
    const them = `${hosts(notTakenBack.length)} ${notTakenBack.length === 1 ? 'runs' : 'run'}`;
    say(`${them} that were to be stopped again, and cost money: \`replay hosts down --all\` tries again.`);
  } else
    say(takenBack.length > 0 ? 'No host was launched.' : `Launched ${started.length} of ${hosts(asked)}.`);
}
