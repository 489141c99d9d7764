import { Flags } from '@oclif/core';
import { ExitCode } from '../core/domain/exit-codes.ts';
import { formatUtc } from '../core/domain/time.ts';
import { buildReport, exitCodeOf } from '../core/report/model.ts';
import { openReportFile } from '../core/report/report-file.ts';
import { REPORT_FORMATS, renderReport, type ReportFormat } from '../core/report/render.ts';
import { BaseCommand } from './support/base-command.ts';
import { jsonFlag, orchestratorFlag } from './support/flags.ts';
import { readKnown } from './support/known-file.ts';
import { describe, type ExitCodes } from './support/prose.ts';
import { runFlags, runSource } from './support/run-source.ts';
import { contradiction, readToken, tokenFlags } from './support/token.ts';
import { waitedRun } from './support/waited-run.ts';

/** A run that is not the current one has no end that could be waited for. */
const NOT_WITH_WAIT = ['from', 'run'] as const;

export default class Report extends BaseCommand {
  static override summary = 'Print the final report of the run, and say by the exit code whether it passed.';
  static exitCodes: ExitCodes = {
    ok: 'all jobs are complete and none failed, but for known exceptions',
    failed: 'at least one job failed',
    usage: 'wrong usage',
    invalidInput: 'the file of --known is not as it must be',
    notFinished: 'nothing failed so far, and the run is not finished, or its files are damaged',
    unreachable: 'the orchestrator cannot be reached, or refuses, or there is no such run or directory',
    cannotStart: 'the file of --output cannot be written',
    interrupted: 'stopped while it waited',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Blocks processed and their share, jobs succeeded, failed and remaining, each failed job with its
    cause and where its logs are, suspect snapshots, hash conflicts, and how long slices took.

    The forms: text for people, json for programs, html as one page that opens anywhere, markdown for a pull request or
    a CI job summary, junit for a CI page with one test case a slice, csv with one row a slice.
    docs/report.md describes them.

    Past runs too: --run N asks the orchestrator for one, and --from DIR reads the data directory of an
    orchestrator that need not run any more. Nothing is written there.

    With --wait it waits until no job waits or is being worked on, also through a restart of the
    orchestrator.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --orchestrator 10.0.0.5 --format json > report.json',
    '<%= config.bin %> <%= command.id %> --wait --format html --output report.html',
    '<%= config.bin %> <%= command.id %> --format junit --output replay.xml',
    '<%= config.bin %> <%= command.id %> --run 3',
    '<%= config.bin %> <%= command.id %> --from /srv/replay-data --json',
  ];
  static override flags = {
    orchestrator: orchestratorFlag,
    ...tokenFlags,
    ...runFlags,
    format: Flags.option({
      options: REPORT_FORMATS,
      description: 'form of the report; text unless given',
      char: 'f',
    })(),
    json: { ...jsonFlag, description: 'the same as --format json' },
    known: Flags.string({
      description: 'JSON file of known exceptions: failures that do not fail the run until a day',
      helpValue: 'FILE',
    }),
    wait: Flags.boolean({
      description: 'wait for the end of the run, with its progress on stderr, and report then',
    }),
    patience: Flags.integer({
      description: 'with --wait: how long an orchestrator that does not answer is waited for',
      helpValue: 'SECONDS',
      default: 300,
      min: 0,
      max: 86_400,
    }),
    output: Flags.string({
      description: 'file to write the report to, whole or not at all, instead of stdout',
      helpValue: 'FILE',
    }),
  };

  async run(): Promise<void> {
    const { flags, raw } = await this.parse(Report);
    const format = formatOf(flags);
    const { wait } = flags;
    const other = wait ? NOT_WITH_WAIT.find((name) => flags[name] !== undefined) : undefined;
    if (other !== undefined) throw contradiction(`--wait and --${other} cannot be given together.`);
    const token = wait ? await readToken(flags, raw) : null;
    const source = wait ? null : await runSource(flags, raw);
    const exceptions = flags.known === undefined ? [] : await readKnown(flags.known);
    const file = flags.output === undefined ? null : await openReportFile(flags.output);
    const run = source
      ? await source.read()
      : await waitedRun(flags.orchestrator, token, flags.patience * 1000);
    if (run === null) {
      process.exitCode = ExitCode.interrupted;
      return;
    }
    const { summary, jobs } = run;
    const report = buildReport(summary, jobs, {
      exceptions,
      today: formatUtc(new Date()).slice(0, 10),
    });
    const content = renderReport(report, format);
    if (file === null) process.stdout.write(content);
    else await file.write(content);
    process.exitCode = exitCodeOf(report.outcome);
  }
}

function formatOf({ format, json }: { format?: ReportFormat | undefined; json: boolean }): ReportFormat {
  if (json && format !== undefined && format !== 'json') {
    throw contradiction(`--json and --format ${format} cannot be given together.`);
  }
  return format ?? (json ? 'json' : 'text');
}
