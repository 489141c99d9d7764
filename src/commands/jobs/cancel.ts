import { decideCancel } from '../../core/jobs/cancel.ts';
import { BaseCommand } from '../support/base-command.ts';
import { jsonFlag, orchestratorFlag } from '../support/flags.ts';
import { changeAndShow, connect, parseJobIds } from '../support/job-changes.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { contradiction, readToken, tokenFlags } from '../support/token.ts';

export default class JobsCancel extends BaseCommand {
  static override summary = 'End jobs for good that hosts are at work on.';
  static exitCodes: ExitCodes = {
    ok: 'every job is at its end',
    failed: 'some job could not be cancelled',
    usage: 'wrong usage',
    unreachable: 'the orchestrator cannot be reached, or refuses',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    The job ends in ERROR, without a cause and without another attempt, and counts as failed; its host
    stops it as soon as it hears so, and goes on with another. What that host reports of it later is kept
    as evidence. \`replay jobs retry\` brings the job back.

    A job that waits cannot be cancelled: nobody has begun it. To give a job to another host instead of
    ending it: \`replay jobs retry --force\`. Needs a token with the right "admin", unless the orchestrator
    runs open. --json has the same form as that of jobs retry.
    `,
    this.exitCodes,
  );
  static override usage = 'jobs cancel ID...';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 7',
    '<%= config.bin %> <%= command.id %> 7 12 --orchestrator 10.0.0.5 --token-file admin.token',
  ];
  static override strict = false;
  static override flags = { orchestrator: orchestratorFlag, ...tokenFlags, json: jsonFlag };

  async run(): Promise<void> {
    const { argv, flags, raw } = await this.parse(JobsCancel);
    const jobIds = parseJobIds(argv as string[]);
    if (jobIds.length === 0) throw contradiction('Give the numbers of jobs.');
    const client = connect(flags.orchestrator, await readToken(flags, raw));
    await changeAndShow({ client, jobIds, decide: decideCancel('replay jobs cancel'), json: flags.json });
  }
}
