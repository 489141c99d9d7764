import { Flags } from '@oclif/core';
import { fleetJson, hostJson } from '../../core/hosts/host-json.ts';
import { BaseCommand } from '../support/base-command.ts';
import { jsonFlag, orchestratorFlag } from '../support/flags.ts';
import { dryRunFlag, fleetFlags } from '../support/fleet-flags.ts';
import { seeFleet, withFleet } from '../support/fleet-session.ts';
import { showFleet } from '../support/fleet-text.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { tokenFlags } from '../support/token.ts';

export default class HostsList extends BaseCommand {
  static override summary = 'Show the hosts of the fleet: what they do, how old they are, what they cost.';
  static exitCodes: ExitCodes = {
    ok: 'the hosts were listed, also when there are none',
    failed: 'the place that the hosts come from refuses, or gives no answer',
    usage: 'wrong usage',
    invalidInput: 'the settings of the fleet are invalid',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Asks the place that the hosts come from, which knows them by the name of the fleet, whatever terminal
    started them, and the orchestrator, which knows their jobs. An orchestrator that cannot be reached is
    said, and costs the columns that come from it. Hosts that have ended are shown with --all, for as long as
    their place knows them (EC2: about an hour).

    A host is booting until its first word to the orchestrator, then idle or at work, and silent when it runs
    and is not heard from.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --fleet fleet.json --orchestrator 10.0.0.5 --json',
  ];
  static override flags = {
    all: Flags.boolean({ description: 'also hosts that have ended' }),
    'dry-run': dryRunFlag,
    'no-color': Flags.boolean({ description: 'no colours in a terminal either' }),
    ...fleetFlags,
    orchestrator: orchestratorFlag,
    ...tokenFlags,
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(HostsList);
    await withFleet({ flags, raw, purpose: 'find' }, async (session) => {
      // To list changes nothing, so that a dry run of it is the same.
      const { views, asked } = await seeFleet(session);
      const shown = views.filter(({ host }) => flags.all || host.state !== 'ended');
      const { name, provider } = session.settings;
      await session.provider.lookBack?.(name, session.signal);
      if (!flags.json) return showFleet(session.settings, shown, asked);
      const hosts = shown.map(hostJson);
      this.printJson({ ...fleetJson(name, provider), orchestrator_asked: asked, hosts });
    });
  }
}
