import { Flags } from '@oclif/core';

import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { asUserError, OrchestratorError } from '../../core/protocol/client-error.ts';
import type { EvidenceReader } from '../../core/jobs/read-evidence.ts';
import type { OrchestratorClient } from '../../core/protocol/client.ts';
import type { RunRecord } from '../../core/protocol/run-record.ts';
import { listStoredRuns, readStoredRun, type StoredRun } from '../../core/runs/data-directory.ts';
import { evidencePath, readEvidenceFile } from '../../core/runs/evidence-file.ts';
import { logPath, readLogText } from '../../core/runs/log-file.ts';
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

/** A run, its jobs, and what they left, whoever tells. All of it throws a UserError when it cannot be had. */
export interface RunSource extends EvidenceReader {
  /** @param run another one than the flags name */
  read(run?: number): Promise<RunView>;
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
  const client = connect(address, token);
  return {
    read: (named) => readRun(client, named ?? run),
    async getJob(jobId) {
      const found = await understood(client.getJob(jobId, { run }), client);
      // Is it the job that is not there, or the run?
      if (found === null && run !== null) await readRun(client, run);
      return found;
    },
    jobLog: (attempt) => understood(client.jobLog({ ...attempt, run }), client),
    jobEvidence: (attempt) => understood(client.jobEvidence({ ...attempt, run }), client),
  };
}

/** @throws UserError in the place of what the orchestrator's answer means */
async function understood<Answer>(answer: Promise<Answer>, { baseUrl }: OrchestratorClient): Promise<Answer> {
  return answer.catch((error: unknown) => {
    throw error instanceof OrchestratorError ? asUserError(error, baseUrl) : error;
  });
}

function directory(dataDir: string, run: number | null): RunSource {
  let known: Promise<StoredRun> | null = null;
  const named = (): Promise<StoredRun> => (known ??= stored(dataDir, run));
  return {
    read: (other) => (other === undefined ? named() : stored(dataDir, other)),
    async getJob(jobId) {
      const { jobs } = await named();
      const job = jobs.find(({ job_id: id }) => id === jobId);
      return job === undefined ? null : { job };
    },
    async jobLog({ jobId, attempt }) {
      return (await readLogText(logPath((await named()).path, jobId, attempt)))?.text ?? null;
    },
    async jobEvidence({ jobId, attempt }) {
      return readEvidenceFile(evidencePath((await named()).path, jobId, attempt));
    },
  };
}

async function stored(dataDir: string, run: number | null): Promise<StoredRun> {
  const found = await readStoredRun(dataDir, run);
  if (found.holder !== null) {
    process.stderr.write(
      `An orchestrator (process ${found.holder}) is at work on ${dataDir}: this is what it has written so far.\n`,
    );
  }
  return found;
}

/** All runs, oldest first. */
export async function runsOf(flags: Omit<RunFlags, 'run'>, raw: RawInput): Promise<RunRecord[]> {
  if (flags.from !== undefined) return listStoredRuns(checkedDirectory(flags.from, raw));
  const client = connect(flags.orchestrator, await readToken(flags, raw));
  return understood(client.runs(), client);
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
