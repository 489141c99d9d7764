import { Flags } from '@oclif/core';

import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { asUserError, OrchestratorError } from '../../core/protocol/client-error.ts';
import type { LogReader } from '../../core/jobs/read-log.ts';
import type { RunRecord } from '../../core/protocol/run-record.ts';
import { logPath, readLogText } from '../../core/runs/log-file.ts';
import { listStoredRuns, readStoredRun } from '../../core/runs/data-directory.ts';
import { connect } from './job-changes.ts';
import { readRun, type RunView } from './orchestrator.ts';
import { contradiction, isTyped, readToken, type RawInput, type TokenFlags } from './token.ts';

/** From where a run is read, and which one. */
export const runFlags = {
  from: Flags.string({
    description: 'read the data directory of an orchestrator, which need not run, instead of asking one',
    helpValue: 'DIR',
  }),
  run: Flags.integer({
    description: 'number of the run; the current one, or the last one of the directory, unless given',
    helpValue: 'N',
    min: 1,
  }),
};

export interface RunFlags extends TokenFlags {
  orchestrator: string;
  from?: string | undefined;
  run?: number | undefined;
}

/** Runs, and the logs that they left, whoever tells. */
export interface RunSource {
  /**
   * @param run another one than the flags name
   * @throws UserError when the run cannot be had
   */
  read(run?: number): Promise<RunView>;
  /** The last log lines of an attempt of that run; null: there are none. */
  log(attempt: { jobId: number; attempt: number }): Promise<string | null>;
}

/** @throws UserError for flags that contradict each other */
export async function runSource(flags: RunFlags, raw: RawInput): Promise<RunSource> {
  if (flags.from !== undefined) return directory(checkedDirectory(flags.from, raw), flags.run ?? null);
  const token = await readToken(flags, raw);
  return orchestrator(flags.orchestrator, token, flags.run ?? null);
}

/** A directory is read without anybody who could be asked. What the environment says of one does not count. */
function checkedDirectory(from: string, raw: RawInput): string {
  const other = ['orchestrator', 'token', 'token-file'].find((flag) => isTyped(raw, flag));
  if (other !== undefined) throw contradiction(`--from and --${other} cannot be given together.`);
  // No program that is started from here has it.
  delete process.env['REPLAY_TOKEN'];
  return from;
}

function orchestrator(address: string, token: string | null, run: number | null): RunSource {
  return {
    read: (named) => readRun(address, token, named ?? run),
    async log(attempt) {
      const client = connect(address, token);
      return client.jobLog({ ...attempt, run }).catch((error: unknown) => {
        throw error instanceof OrchestratorError ? asUserError(error, client.baseUrl) : error;
      });
    },
  };
}

function directory(dataDir: string, run: number | null): RunSource {
  let path = '';
  return {
    async read(named) {
      const stored = await readStoredRun(dataDir, named ?? run);
      path = stored.path;
      if (stored.holder !== null) {
        process.stderr.write(
          `An orchestrator (process ${stored.holder}) is at work on ${dataDir}: this is what it has written so far.\n`,
        );
      }
      return stored;
    },
    async log({ jobId, attempt }) {
      return (await readLogText(logPath(path, jobId, attempt)))?.text ?? null;
    },
  };
}

/** All runs, oldest first. */
export async function runsOf(flags: Omit<RunFlags, 'run'>, raw: RawInput): Promise<RunRecord[]> {
  if (flags.from !== undefined) return listStoredRuns(checkedDirectory(flags.from, raw));
  const client = connect(flags.orchestrator, await readToken(flags, raw));
  return client.runs().catch((error: unknown) => {
    throw error instanceof OrchestratorError ? asUserError(error, client.baseUrl) : error;
  });
}

/** @throws UserError with the exit code for usage */
export function parseRunId(word: string): number {
  if (/^[1-9]\d{0,14}$/u.test(word)) return Number(word);
  throw new UserError({
    code: 'USAGE',
    message: `${JSON.stringify(word)} is not the number of a run.`,
    hint: 'Expected a number from 1, as `replay runs list` shows it.',
    exitCode: ExitCode.usage,
  });
}

/** The jobs and logs of a run, one by one. */
export function logsOf(source: RunSource): LogReader {
  return {
    async getJob(jobId) {
      const { jobs } = await source.read();
      const job = jobs.find(({ job_id: id }) => id === jobId);
      return job === undefined ? null : { job };
    },
    jobLog: (attempt) => source.log(attempt),
  };
}
