import { Flags } from '@oclif/core';
import { REHEARSED_FAILURE_NAMES } from '../core/demo/failures.ts';
import { rehearse } from '../core/demo/rehearse.ts';
import { ExitCode } from '../core/domain/exit-codes.ts';
import { exitCodeOf } from '../core/report/model.ts';
import { renderText } from '../core/report/text.ts';
import { BaseCommand } from './support/base-command.ts';
import { onStopRequest } from './support/signals.ts';
import { describe, type ExitCodes } from './support/prose.ts';

export default class Demo extends BaseCommand {
  static override summary = 'Rehearse a whole run on this machine, with a stand-in for nodeos.';
  static exitCodes: ExitCodes = {
    ok: 'the rehearsed run passed',
    failed: 'the rehearsed run failed, or the rehearsal itself',
    usage: 'wrong usage',
    notFinished: 'the rehearsed run did not finish',
    bug: 'a defect of this program',
    interrupted: 'stopped by SIGINT, SIGTERM or SIGHUP',
  };

  static override description = describe(
    `
    Makes a sample chain, serves its snapshots and block logs over HTTP, starts an orchestrator and
    workers as processes of this same program, and shows the run and its final report. nodeos is played
    by a stand-in: the results prove nothing about a real one. With --fail, something goes wrong in the
    middle of the chain.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --slices 12 --workers 4',
    '<%= config.bin %> <%= command.id %> --fail mismatch',
  ];
  static override flags = {
    slices: Flags.integer({ description: 'slices of the sample chain', default: 6, min: 1, max: 100 }),
    workers: Flags.integer({ description: 'workers on this machine', default: 3, min: 1, max: 20 }),
    fail: Flags.option({
      options: REHEARSED_FAILURE_NAMES,
      description: 'what goes wrong in the middle of the chain',
    })(),
    keep: Flags.boolean({ description: 'leave the folder with all data and logs, and say where it is' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Demo);
    const stop = onStopRequest();
    const report = await rehearse({
      slices: flags.slices,
      workers: flags.workers,
      failure: flags.fail ?? null,
      keep: flags.keep,
      signal: stop.signal,
      say: (text) => process.stdout.write(`${text}\n`),
    });
    stop.dispose();
    if (report === null) {
      process.exitCode = ExitCode.interrupted;
      return;
    }
    process.stdout.write(`\n${renderText(report)}`);
    process.exitCode = exitCodeOf(report.outcome);
  }
}
