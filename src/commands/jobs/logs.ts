import { Args, Flags } from '@oclif/core';
import { type AttemptLog, readLog } from '../../core/jobs/read-log.ts';
import { harmless } from '../../core/report/status-text.ts';
import { BaseCommand } from '../support/base-command.ts';
import { jsonFlag, orchestratorFlag } from '../support/flags.ts';
import { showFollowedLog } from '../support/followed-log.ts';
import { connect, parseJobId } from '../support/job-changes.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { runFlags, runSource } from '../support/run-source.ts';
import { contradiction, readToken, tokenFlags } from '../support/token.ts';

export default class JobsLogs extends BaseCommand {
  static override summary = 'Print the last log lines of an attempt at a job.';
  static exitCodes: ExitCodes = {
    ok: 'printed',
    failed: 'there is no such job, attempt or log',
    usage: 'wrong usage',
    unreachable: 'the orchestrator cannot be reached, or refuses, or there is no such run or directory',
    bug: 'a defect of this program',
    interrupted: 'stopped while it followed the log',
  };

  static override description = describe(
    `
    Hosts send them every few seconds while nodeos runs; the whole log is on the host. Control codes are left out.

    With --follow: the lines so far, and then what comes, until the attempt is over; its outcome goes to stderr, and does not change the exit code. A job that has had no attempt yet is waited for. An orchestrator that is started again meanwhile is waited for too, up to five minutes.

    --run N prints the log of a job of a past run, and --from DIR reads the data directory of an orchestrator
    that need not run; without --run its last run.

    With --json: {"job_id", "attempt", "worker_id", "outcome", "lines": [...]}, the lines as they came. With --follow as well: one JSON object a line, {"event": "lines", "job_id", "attempt", "from", "skipped", "lines": [...]}, and at the end {"event": "end", "job_id", "attempt", "outcome", "error_cause", "error_message"}.
    `,
    this.exitCodes,
  );
  static override examples = [
    '<%= config.bin %> <%= command.id %> 7',
    '<%= config.bin %> <%= command.id %> 7 --follow',
    '<%= config.bin %> <%= command.id %> 7 --attempt 1 --orchestrator 10.0.0.5',
    '<%= config.bin %> <%= command.id %> 7 --from /srv/replay-data --run 1',
  ];
  static override args = {
    id: Args.string({ description: 'number of the job, as replay status shows it', required: true }),
  };
  static override flags = {
    attempt: Flags.integer({ description: 'number of the attempt; the last one unless given', min: 1 }),
    follow: Flags.boolean({ char: 'f', description: 'print what comes, until the attempt is over' }),
    orchestrator: orchestratorFlag,
    ...tokenFlags,
    ...runFlags,
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { args, flags, raw } = await this.parse(JobsLogs);
    const jobId = parseJobId(args.id);
    const attempt = flags.attempt ?? null;
    if (!flags.follow) {
      this.#show(await readLog(await runSource(flags, raw), jobId, attempt), flags.json);
      return;
    }
    if (flags.from !== undefined || flags.run !== undefined) {
      throw contradiction('--follow goes with neither --run nor --from.');
    }
    const client = connect(flags.orchestrator, await readToken(flags, raw));
    await showFollowedLog({ client, jobId, attempt, json: flags.json });
  }

  #show(log: AttemptLog, json: boolean): void {
    if (json) this.printJson(jsonOf(log));
    else process.stdout.write(log.lines.map((line) => `${harmless(line)}\n`).join(''));
  }
}

function jsonOf({ jobId, attempt, lines }: AttemptLog): object {
  const { number, worker_id, outcome } = attempt;
  return { job_id: jobId, attempt: number, worker_id, outcome, lines };
}
