import { renderStatusTable, renderSummaryLine } from '../core/report/status-table.ts';
import { BaseCommand } from './support/base-command.ts';
import { jsonFlag, orchestratorFlag } from './support/flags.ts';
import { readRun } from './support/orchestrator.ts';

export default class Status extends BaseCommand {
  static override summary = 'Show all jobs of the run and how far they are.';
  static override description = `Prints one line for the run and a table of its jobs. With --json: {"summary": ..., "jobs": [...]}, the
orchestrator's own records (docs/protocol.md).

Exit codes: 0 shown, whatever the state of the run; 2 wrong usage; 5 the orchestrator cannot be reached or refuses;
70 a defect.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --orchestrator 10.0.0.5 --json',
  ];
  static override flags = { orchestrator: orchestratorFlag, json: jsonFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(Status);
    const { summary, jobs } = await readRun(flags.orchestrator);
    if (flags.json) this.printJson({ summary, jobs });
    else this.log(`${renderSummaryLine(summary)}\n${renderStatusTable(jobs)}`);
  }
}
