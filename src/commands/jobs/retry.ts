import { Flags } from '@oclif/core';
import { hasFailed } from '../../core/domain/transition.ts';
import { decideRetry } from '../../core/jobs/retry.ts';
import type { OrchestratorClient } from '../../core/protocol/client.ts';
import { BaseCommand } from '../support/base-command.ts';
import { jsonFlag, orchestratorFlag } from '../support/flags.ts';
import { changeAndShow, connect, parseJobIds } from '../support/job-changes.ts';
import { readRun } from '../support/orchestrator.ts';
import { describe, type ExitCodes } from '../support/prose.ts';
import { contradiction, readToken, tokenFlags } from '../support/token.ts';

export default class JobsRetry extends BaseCommand {
  static override summary = 'Ask for another run of jobs that are at their end.';
  static exitCodes: ExitCodes = {
    ok: 'every job waits for a host, or runs again already',
    failed: 'some job could not be put back',
    usage: 'wrong usage',
    unreachable: 'the orchestrator cannot be reached, or refuses',
    bug: 'a defect of this program',
  };

  static override description = describe(
    `
    Says of each job what became of it. Its budgets of attempts are fresh then, and earlier attempts stay
    on record. To ask twice does no harm: a job that waits, or runs since somebody asked, is left as it is.

    A job that a host is at work on is left to it unless --force is given: then the host stops it as
    soon as it hears so. Needs a token with the right "admin", unless the orchestrator runs open.

    With --json: {"jobs": [{"job_id", "done", "outcome", "status_before", "message"}, ...]}, and an "error"
    beside them when the orchestrator failed half-way.
    `,
    this.exitCodes,
  );
  static override usage = 'jobs retry ID... | --failed';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 7 12',
    '<%= config.bin %> <%= command.id %> --failed --orchestrator 10.0.0.5 --token-file admin.token',
  ];
  static override strict = false;
  static override flags = {
    failed: Flags.boolean({ description: 'all jobs in ERROR, TIMEOUT and HASH_MISMATCH' }),
    force: Flags.boolean({ description: 'also take a job from the host that is at work on it' }),
    orchestrator: orchestratorFlag,
    ...tokenFlags,
    json: jsonFlag,
  };

  async run(): Promise<void> {
    const { argv, flags, raw } = await this.parse(JobsRetry);
    const typed = parseJobIds(argv as string[]);
    checkChoice(typed, flags);
    const token = await readToken(flags, raw);
    const client = connect(flags.orchestrator, token);
    const jobIds = flags.failed ? await failedJobs(client) : typed;
    const decide = decideRetry({
      takenBy: flags.force ? 'replay jobs retry --force' : null,
      onlyFailed: flags.failed,
    });
    if (jobIds.length === 0 && !flags.json) process.stdout.write('No job has failed.\n');
    await changeAndShow({ client, jobIds, decide, json: flags.json });
  }
}

function checkChoice(typed: readonly number[], { failed, force }: { failed: boolean; force: boolean }): void {
  if (failed && typed.length > 0)
    throw contradiction('Numbers of jobs and --failed cannot be given together.');
  if (!failed && typed.length === 0) throw contradiction('Give the numbers of jobs, or --failed.');
  if (failed && force)
    throw contradiction('--force is for jobs that run, and --failed for those that do not.');
}

async function failedJobs(client: OrchestratorClient): Promise<number[]> {
  const { jobs } = await readRun(client);
  return jobs.filter(hasFailed).map(({ job_id: jobId }) => jobId);
}
