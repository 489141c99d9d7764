import { Args, Flags } from '@oclif/core';
import { compareRuns, comparisonExitCode } from '../../core/report/compare/model.ts';
import { COMPARISON_FORMATS, renderComparison } from '../../core/report/compare/render.ts';
import { openReportFile } from '../../core/report/report-file.ts';
import { BaseCommand } from '../support/base-command.ts';
import { jsonFlag, orchestratorFlag } from '../support/flags.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { parseRunId, runFlags, runSource } from '../support/run-source.ts';
import { terminalOf } from '../support/terminal.ts';
import { contradiction, tokenFlags } from '../support/token.ts';

export default class RunsCompare extends BaseCommand {
  static override summary = 'Put two runs side by side, slice by slice: hashes, verdicts, versions, speed.';
  static exitCodes: ExitCodes = {
    ok: 'every slice that both have came to the same hash and verdict',
    failed: 'some slice came to another hash or verdict',
    usage: 'wrong usage',
    notFinished: 'nothing differs so far, and of some slice it cannot be told',
    unreachable: 'the orchestrator cannot be reached, or refuses, or there is no such run or directory',
    cannotStart: 'the file of --output cannot be written',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    For two builds of nodeos over the same manifest. A and B are numbers of runs, as replay runs list shows
    them. Slices are the same when they start and end at the same blocks; those that only one run has are
    said, and change no exit code.

    What differs comes first, with both hashes in full. Nothing is called equal of which one hash is missing:
    a slice that is not finished in both, or failed in both, cannot be told.

    The forms: text for people, json for programs, markdown for a pull request, csv with one row a slice.
    docs/report.md describes them.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %> 3 4 --orchestrator 10.0.0.5',
    '<%= config.bin %> <%= command.id %> 3 4 --from /srv/replay-data --format markdown --output compare.md',
  ];
  static override args = {
    a: Args.string({ description: 'number of the run to compare with', required: true }),
    b: Args.string({ description: 'number of the run that is compared', required: true }),
  };
  static override flags = {
    from: runFlags.from,
    format: Flags.option({
      options: COMPARISON_FORMATS,
      description: 'form of the comparison; text unless given',
      char: 'f',
    })(),
    json: { ...jsonFlag, description: 'the same as --format json' },
    all: Flags.boolean({ description: 'with the text: also the slices in which nothing differs' }),
    output: Flags.string({
      description: 'file to write the comparison to, whole or not at all, instead of stdout',
      helpValue: 'FILE',
    }),
    orchestrator: orchestratorFlag,
    ...tokenFlags,
  };

  async run(): Promise<void> {
    const { args, flags, raw } = await this.parse(RunsCompare);
    const [runA, runB] = [parseRunId(args.a), parseRunId(args.b)];
    if (runA === runB) throw contradiction(`Run ${runA} was named twice.`);
    if (flags.json && (flags.format ?? 'json') !== 'json') {
      throw contradiction(`--json and --format ${flags.format} cannot be given together.`);
    }
    const format = flags.format ?? (flags.json ? 'json' : 'text');
    const source = await runSource(flags, raw);
    const file = flags.output === undefined ? null : await openReportFile(flags.output);
    const a = await source.read(runA);
    const b = await source.read(runB);
    const comparison = compareRuns(a, b);
    const width = file === null ? terminalOf(process.stdout, process.env, true).width : null;
    const content = renderComparison(comparison, format, flags.all, width);
    if (file === null) process.stdout.write(content);
    else await file.write(content);
    process.exitCode = comparisonExitCode(comparison);
  }
}
