import { BaseCommand } from '../support/base-command.ts';
import { askOf } from '../support/control.ts';
import { jsonFlag, orchestratorFlag } from '../support/flags.ts';
import { connect } from '../support/job-changes.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { readToken, tokenFlags } from '../support/token.ts';

export default class RunsResume extends BaseCommand {
  static override summary = 'Hand out jobs again after a pause.';
  static exitCodes: ExitCodes = {
    ok: 'jobs are handed out',
    usage: 'wrong usage',
    unreachable: 'the orchestrator cannot be reached, or refuses',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Ends the pause of replay runs pause; a run that is not paused is left as it is. Hosts that wait ask
    again by themselves. Needs a token with the right "admin", unless the orchestrator runs open.

    With --json: {"run_id", "paused": null}.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --orchestrator 10.0.0.5 --token-file admin.token',
  ];
  static override flags = { orchestrator: orchestratorFlag, ...tokenFlags, json: jsonFlag };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(RunsResume);
    const client = connect(flags.orchestrator, await readToken(flags, raw));
    const answer = await askOf(client, (it) => it.resumeRun());
    if (flags.json) this.printJson(answer);
    else process.stdout.write(`Run ${answer.run_id} hands out jobs.\n`);
  }
}
