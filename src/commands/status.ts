import { renderStatusTable, renderSummaryLine } from '../core/report/status-table.ts';
import { BaseCommand } from './support/base-command.ts';
import { jsonFlag, orchestratorFlag } from './support/flags.ts';
import { readRun } from './support/orchestrator.ts';
import { describe, type ExitCodes } from './support/prose.ts';
import { readToken, tokenFlags } from './support/token.ts';

export default class Status extends BaseCommand {
  static override summary = 'Show all jobs of the run and how far they are.';
  static exitCodes: ExitCodes = {
    ok: 'shown, whatever the state of the run',
    usage: 'wrong usage',
    unreachable: 'the orchestrator cannot be reached, or refuses',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Prints one line for the run and a table of its jobs. With --json: {"summary": ..., "jobs": [...]},
    the records of the orchestrator as docs/protocol.md has them.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --orchestrator 10.0.0.5 --json',
  ];
  static override flags = { orchestrator: orchestratorFlag, ...tokenFlags, json: jsonFlag };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Status);
    const token = await readToken(flags, raw);
    const { summary, jobs } = await readRun(flags.orchestrator, token);
    if (flags.json) this.printJson({ summary, jobs });
    else this.log(`${renderSummaryLine(summary)}\n${renderStatusTable(jobs, terminalWidth())}`);
  }
}

function terminalWidth(): number | null {
  return process.stdout.isTTY ? process.stdout.columns : null;
}
