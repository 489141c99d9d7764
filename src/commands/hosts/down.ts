import { Flags } from '@oclif/core';
import { chooseDown } from '../../core/hosts/choose-down.ts';
import { downHosts } from '../../core/hosts/down-hosts.ts';
import { formatUsd } from '../../core/format/usd.ts';
import { fleetJson } from '../../core/hosts/host-json.ts';
import { rateOf } from '../../core/hosts/money.ts';
import { BaseCommand } from '../support/base-command.ts';
import { confirm } from '../support/confirm.ts';
import { jsonFlag, orchestratorFlag } from '../support/flags.ts';
import { dryRunFlag, fleetFlags, yesFlag } from '../support/fleet-flags.ts';
import { seeFleet, withFleet } from '../support/fleet-session.ts';
import { hosts } from '../support/fleet-text.ts';
import { downExitCode, showDown, stillIdle } from '../support/hosts-down.ts';
import { showDryRun } from '../support/hosts-up.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { contradiction, tokenFlags } from '../support/token.ts';

export default class HostsDown extends BaseCommand {
  static override summary = 'Stop hosts of the fleet for good.';
  static exitCodes: ExitCodes = {
    ok: 'the hosts are stopping, or there was none to stop',
    failed: 'some host could not be stopped, or an ID is not one of the fleet',
    usage: 'wrong usage, or nobody there to confirm it',
    partial:
      'stopped, but something is left: a result that nobody has, a host that is listed as running, or a launch under way',
    invalidInput: 'the settings of the fleet are invalid',
    unreachable: 'which hosts are idle cannot be told: the orchestrator cannot be reached, or refuses',
    interrupted: 'interrupted',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Give the IDs that \`replay hosts list\` shows, or --all, or --idle. EC2 instances are terminated; a host
    that is at work loses its job, which another host then begins anew. --all finds every host of the fleet
    by its tag, whoever started it, and needs neither the orchestrator nor its disk. Nothing that does not
    carry the tag of the fleet is ever touched. Afterwards it looks again, stops what was listed late, and says
    what is left.

    A worker on this machine, or on one that is reached by ssh, may have a finished result that the orchestrator
    did not take yet. It is kept there, and that is said; --force removes it.

    --idle stops the hosts that have no job, and have had none for the time of --idle-for, while no job waits;
    those that run, hold no job and have not been heard from for a quarter of an hour; and those that
    somebody has switched off, whose disks are paid for. The orchestrator gives these hosts no more jobs before
    they are stopped, and one that has taken a job meanwhile stays; the token needs the right "admin".
    `,
    this.exitCodes,
  );
  static override usage = 'hosts down ID... | --all | --idle';
  static override examples = [
    '<%= config.bin %> <%= command.id %> i-0123456789abcdef0',
    '<%= config.bin %> <%= command.id %> --idle --orchestrator 10.0.0.5 --yes',
    '<%= config.bin %> <%= command.id %> --all --fleet-name eos --region eu-west-1 --yes',
  ];
  static override strict = false;
  static override flags = {
    all: Flags.boolean({ description: 'all hosts of the fleet' }),
    idle: Flags.boolean({ description: 'hosts that have no job' }),
    'idle-for': Flags.integer({
      description: 'seconds without a job after which a host is idle (setting: idle_after; 120 unless set)',
      helpValue: 'SECONDS',
      min: 0,
      dependsOn: ['idle'],
    }),
    force: Flags.boolean({
      description: 'remove finished results, too, that have not reached the orchestrator (ssh, local)',
    }),
    'dry-run': dryRunFlag,
    yes: yesFlag,
    ...fleetFlags,
    orchestrator: orchestratorFlag,
    ...tokenFlags,
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { argv, flags, raw } = await this.parse(HostsDown);
    const typed = [...new Set(argv as string[])];
    const ways = [typed.length > 0, flags.all, flags.idle].filter(Boolean).length;
    if (ways !== 1) throw contradiction('Give either the IDs of hosts, or --all, or --idle.');
    await withFleet(
      { flags, raw, purpose: 'find', priced: !flags.yes && !flags['dry-run'] },
      async (session) => {
        const { settings, provider, signal, say } = session;
        const { views, facts } = await seeFleet(session, flags.idle);
        await provider.lookBack?.(settings.name, signal);
        const choice = flags.all
          ? 'all'
          : flags.idle
            ? { idleForMs: (flags['idle-for'] ?? settings.idleAfterSeconds) * 1000 }
            : typed;
        const { ids, atWork, strangers } = chooseDown(views, choice, facts?.waitingJobs ?? 0);
        const refused = strangers.length === 0 ? null : provider.dryRunDown(settings.name, strangers, signal);
        // The provider says what is wrong with them, and nothing was done.
        await refused;
        if (flags['dry-run']) {
          return showDryRun(session, await provider.dryRunDown(settings.name, ids, signal), flags.json);
        }
        if (ids.length > 0 && !flags.yes) {
          const work = atWork === 0 ? '' : `, ${atWork} of them at work`;
          const rate = rateOf(views.filter(({ host }) => ids.includes(host.id)));
          const cost = rate === 0 ? '' : `, which cost ${formatUsd(rate)} an hour`;
          await confirm(`Stop ${hosts(ids.length)} of the fleet ${settings.name}${work}${cost}?`, signal);
        }
        const { all, force } = flags;
        const meant = flags.idle ? await stillIdle(session, views, ids) : ids;
        const outcome = await downHosts(provider, { fleet: settings.name, ids: meant, all, force }, signal);
        process.exitCode = downExitCode(outcome);
        if (flags.json) this.printJson({ ...fleetJson(settings.name, provider.name), ...outcome });
        else showDown(say, outcome);
      },
    );
  }
}
