import { Args, Flags } from '@oclif/core';
import { fleetJson, providedJson, shortfallJson } from '../../core/hosts/host-json.ts';
import { upHosts } from '../../core/hosts/up-hosts.ts';
import { BaseCommand } from '../support/base-command.ts';
import { confirm } from '../support/confirm.ts';
import { jsonFlag, orchestratorFlag } from '../support/flags.ts';
import { dryRunFlag, fleetFlags, launchFlags, yesFlag } from '../support/fleet-flags.ts';
import { withFleet, type FleetSession } from '../support/fleet-session.ts';
import { joinRequest } from '../support/join.ts';
import { question, showDryRun, showOutcome, upExitCode, wantedCount } from '../support/hosts-up.ts';
import { inTurnOf, planText, planUp, upRequest } from '../support/plan-up.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { tokenFlags } from '../support/token.ts';

export default class HostsUp extends BaseCommand {
  static override summary = 'Launch replay hosts that go to work by themselves.';
  static exitCodes: ExitCodes = {
    ok: 'all hosts that were asked for are launched, or none is needed',
    failed: 'none, or less than --at-least, could be launched; nothing was left running',
    usage: 'wrong usage, or nobody there to confirm it',
    invalidInput: 'the settings of the fleet are invalid',
    unreachable: 'the orchestrator cannot be reached, or refuses',
    cannotStart: 'what is to be launched cannot be written down before',
    partial: 'part of the hosts is launched; what could not be had is said',
    interrupted: 'interrupted; what was launched by then is said',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    COUNT is a number, or "auto": as many as the open jobs can use, those that are there taken into account. Once
    some slices are done, it is as many as would still get a job: hosts take minutes to come, and what the others
    will have begun by then needs no more. What they do for the end of the run, and for its cost, is said before.
    Never more than max_hosts of the settings, nor than the budget pays for until the run is expected to end.

    With EC2 it is one request for all hosts, which are placed over all subnets and instance types of the
    settings. What could not be had is said for each zone with EC2's reason. Every host carries the tag
    replay:fleet with the name of the fleet, by which \`replay hosts list\` and \`replay hosts down\` find it
    from any terminal. An answer that is lost, or a request that is sent twice, launches nothing twice.

    The hosts fetch this program from the orchestrator and join with a token that is made for this launch:
    the token given here needs the right "admin". docs/aws.md has the set-up step by step.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %> 10 --fleet fleet.json --orchestrator 10.0.0.5 --token-file admin.token',
    '<%= config.bin %> <%= command.id %> auto --budget 50 --yes',
    '<%= config.bin %> <%= command.id %> 40 --at-least 30 --dry-run',
  ];
  static override args = {
    count: Args.string({ description: 'how many hosts, or "auto"', required: true }),
  };
  static override flags = {
    'at-least': Flags.integer({
      description: 'with less than so many, stop those again and fail',
      helpValue: 'N',
      min: 1,
    }),
    'dry-run': dryRunFlag,
    yes: yesFlag,
    ...fleetFlags,
    ...launchFlags,
    orchestrator: orchestratorFlag,
    ...tokenFlags,
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { args, flags, raw } = await this.parse(HostsUp);
    const wanted = wantedCount(args.count, flags['at-least'] ?? 0);
    await withFleet({ flags, raw, purpose: 'launch' }, async (session) => {
      const { settings, provider, signal, say } = session;
      const isAsked = flags['dry-run'] || !flags.yes;
      const shown = isAsked ? await planUp(session, wanted) : null;
      if (shown !== null) say(planText(shown));
      if (shown?.count === 0) return this.#none(session, flags.json, shown.notes);
      if (flags['dry-run'] && shown !== null) {
        const request = upRequest(session, shown, wanted, await joinRequest(session, null));
        return showDryRun(session, await provider.dryRunUp(request, signal), flags.json, shown);
      }
      if (shown !== null) await confirm(question(session, shown.count), signal);
      await inTurnOf(session, async () => {
        // Others may have launched hosts while a person thought, or until it was our turn.
        const plan = await planUp(session, wanted, shown?.count);
        if (plan.count !== shown?.count) say(planText(plan));
        if (plan.count === 0) return this.#none(session, flags.json, plan.notes);
        const request = upRequest(session, plan, wanted, await joinRequest(session, plan.count));
        const options = { atLeast: wanted.atLeast, progress: say, signal };
        const outcome = await upHosts(provider, request, options);
        const wished = wanted.count === 'auto' ? plan.count : wanted.count;
        process.exitCode = upExitCode(outcome, wished);
        if (!flags.json) return showOutcome(session, outcome, wished);
        this.printJson({
          ...fleetJson(settings.name, provider.name),
          asked: plan.count,
          started: outcome.started.map(providedJson),
          shortfalls: outcome.shortfalls.map(shortfallJson),
          stopped_again: outcome.takenBack,
          not_stopped: outcome.notTakenBack,
          notes: plan.notes,
          outlook: plan.outlook,
        });
      });
    });
  }

  #none({ settings, provider }: FleetSession, json: boolean, notes: readonly string[]): void {
    if (json) {
      const nothing = {
        asked: 0,
        started: [],
        shortfalls: [],
        stopped_again: [],
        not_stopped: [],
        notes,
        outlook: null,
      };
      this.printJson({ ...fleetJson(settings.name, provider.name), ...nothing });
    } else process.stdout.write('No host was launched.\n');
  }
}
