import { Flags } from '@oclif/core';
import { oneLine } from '../../core/report/status-text.ts';
import { BaseCommand } from '../support/base-command.ts';
import { askOf } from '../support/control.ts';
import { jsonFlag, orchestratorFlag } from '../support/flags.ts';
import { connect } from '../support/job-changes.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { readToken, tokenFlags } from '../support/token.ts';

export default class RunsPause extends BaseCommand {
  static override summary = 'Hand out no more jobs until the run is resumed.';
  static exitCodes: ExitCodes = {
    ok: 'the run is paused, whoever paused it',
    usage: 'wrong usage',
    unreachable: 'the orchestrator cannot be reached, or refuses',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Hosts that are at work go on with their jobs, report them, and then wait. The pause lasts, also over
    restarts of the orchestrator, until replay runs resume. A run that is paused already is left as it is,
    with the reason that was given first. Needs a token with the right "admin", unless the orchestrator
    runs open.

    With --json: {"run_id", "paused": {"since", "by", "reason"}}.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %> --reason maintenance',
    '<%= config.bin %> <%= command.id %> --orchestrator 10.0.0.5 --token-file admin.token',
  ];
  static override flags = {
    reason: Flags.string({ description: 'why, for those who look at the run', helpValue: 'TEXT' }),
    orchestrator: orchestratorFlag,
    ...tokenFlags,
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(RunsPause);
    const client = connect(flags.orchestrator, await readToken(flags, raw));
    const answer = await askOf(client, (it) => it.pauseRun(flags.reason ?? null));
    if (flags.json) {
      this.printJson(answer);
      return;
    }
    const { run_id: runId, paused } = answer;
    const why = paused?.reason ? ` (${oneLine(paused.reason)})` : '';
    process.stdout.write(
      `Run ${runId} is paused since ${paused?.since}Z${why}. Jobs that are held go on; replay runs resume hands out jobs again.\n`,
    );
  }
}
