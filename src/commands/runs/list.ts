import { renderRunsTable } from '../../core/report/runs/runs-table.ts';
import { BaseCommand } from '../support/base-command.ts';
import { jsonFlag, orchestratorFlag } from '../support/flags.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { runFlags, runsOf } from '../support/run-source.ts';
import { terminalOf } from '../support/terminal.ts';
import { tokenFlags } from '../support/token.ts';

export default class RunsList extends BaseCommand {
  static override summary = 'Show the runs that an orchestrator, or its data directory, has kept.';
  static exitCodes: ExitCodes = {
    ok: 'shown, whatever the state of the runs',
    usage: 'wrong usage',
    unreachable: 'the orchestrator cannot be reached, or refuses, or there is no such directory',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    A run begins when replay serve is started with another manifest on the same data directory, or with
    replay runs start. The runs
    before it are kept, and are read with --run of report and status, and compared with runs compare.

    --from DIR reads the data directory of an orchestrator that need not run. Nothing is written there.
    With --json: {"runs": [...]}, as docs/json-output.md has it.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %> --orchestrator 10.0.0.5',
    '<%= config.bin %> <%= command.id %> --from /srv/replay-data',
  ];
  static override flags = {
    from: runFlags.from,
    orchestrator: orchestratorFlag,
    ...tokenFlags,
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(RunsList);
    const runs = await runsOf(flags, raw);
    if (flags.json) this.printJson({ runs });
    else
      process.stdout.write(`${renderRunsTable(runs, terminalOf(process.stdout, process.env, true).width)}\n`);
  }
}
