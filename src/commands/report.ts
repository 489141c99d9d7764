import { renderJson } from '../core/report/json.ts';
import { buildReport, exitCodeOf } from '../core/report/model.ts';
import { renderText } from '../core/report/text.ts';
import { BaseCommand } from './support/base-command.ts';
import { jsonFlag, orchestratorFlag } from './support/flags.ts';
import { readRun } from './support/orchestrator.ts';
import { describe, type ExitCodes } from './support/prose.ts';
import { readToken, tokenFlags } from './support/token.ts';

export default class Report extends BaseCommand {
  static override summary = 'Print the final report of the run, and say by the exit code whether it passed.';
  static exitCodes: ExitCodes = {
    ok: 'all jobs are complete and none failed',
    failed: 'at least one job failed',
    usage: 'wrong usage',
    notFinished: 'nothing failed so far, and the run is not finished',
    unreachable: 'the orchestrator cannot be reached, or refuses',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Blocks processed and their share, jobs succeeded, failed and remaining, each failed job with its
    cause, suspect snapshots and hash conflicts.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --orchestrator 10.0.0.5 --json > report.json',
  ];
  static override flags = { orchestrator: orchestratorFlag, ...tokenFlags, json: jsonFlag };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Report);
    const token = await readToken(flags, raw);
    const { summary, jobs } = await readRun(flags.orchestrator, token);
    const report = buildReport(summary, jobs);
    if (flags.json) this.printJson(renderJson(report));
    else process.stdout.write(renderText(report));
    process.exitCode = exitCodeOf(report.outcome);
  }
}
