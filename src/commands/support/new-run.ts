import { readFile } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode } from '../../core/domain/exit-codes.ts';
import { UserError } from '../../core/domain/user-error.ts';
import { formatCount } from '../../core/format/count.ts';
import { isPassing } from '../../core/protocol/client-error.ts';
import type { OrchestratorClient } from '../../core/protocol/client.ts';
import type {
  BeginRunRequest,
  BegunRunRecord,
  ManifestCheckRecord,
} from '../../core/protocol/control-record.ts';
import { harmless, oneLine } from '../../core/report/status-text.ts';
import { askOf } from './control.ts';

/** The manifest of a new run as the orchestrator is asked about it. */
export type WantedRun = Omit<BeginRunRequest, 'current_run_id' | 'force'>;

const MOST_PROBLEMS = 50;
/** A request whose answer was lost is sent again; the orchestrator knows it. */
const TRIES = 4;
const PAUSE_MS = 2000;

/**
 * The text of a manifest file, and the folder that its relative paths are relative to.
 * @throws UserError with the exit code for input files
 */
export async function readManifestFile(path: string): Promise<{ text: string; folder: string }> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'there is no such file' : error.message;
    throw unreadable(path, reason);
  });
  if (!isUtf8(bytes)) throw unreadable(path, 'it is not UTF-8');
  return { text: bytes.toString('utf8'), folder: dirname(resolve(path)) };
}

function unreadable(path: string, reason: string): UserError {
  return new UserError({
    code: 'MANIFEST_UNREADABLE',
    message: `The manifest ${path} cannot be read: ${reason}.`,
    hint: 'Give the manifest file with --manifest.',
    exitCode: ExitCode.invalidInput,
  });
}

/** @throws UserError with all mistakes that the orchestrator has found */
export function refuseMistakes({ valid, problems, problem_count: count }: ManifestCheckRecord): void {
  if (valid) return;
  const shown = problems.slice(0, MOST_PROBLEMS).map(({ text }) => oneLine(text));
  const more = count > shown.length ? [`… and ${formatCount(count - shown.length)} more`] : [];
  throw new UserError({
    code: 'MANIFEST_INVALID',
    message: `The manifest has mistakes:\n${[...shown, ...more].join('\n')}`,
    hint: 'Correct them all and try again; nothing was begun.',
    exitCode: ExitCode.invalidInput,
  });
}

/** Begins the run, also when an answer or two are lost on the way. */
export async function beginRun(
  client: OrchestratorClient,
  request: BeginRunRequest,
): Promise<BegunRunRecord> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await askOf(client, (it) => it.beginRun(request));
    } catch (error) {
      if (tried >= TRIES || !(error instanceof UserError) || !isPassing(error.cause)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** What the orchestrator would make of the manifest, for people. */
export function checkText(check: ManifestCheckRecord): string {
  const { total_jobs: jobs, total_blocks: blocks, start_block: start, end_block: end } = check;
  const versions = check.requested_versions.map(oneLine).join(', ');
  const warnings = check.warnings.slice(0, MOST_PROBLEMS).map(({ text }) => `Warning: ${oneLine(text)}\n`);
  const held = check.jobs_held;
  const work = held === 0 ? 'no host is at work' : `hosts are at work on ${formatCount(held)} of its jobs`;
  const same = check.same_as_current ? ', with the same manifest' : '';
  return harmless(
    [
      ...warnings,
      `The manifest is good: ${formatCount(jobs ?? 0)} slices, blocks ${start} to ${end} (${formatCount(blocks ?? 0)} to replay), nodeos ${versions}.\n`,
      `The current run is run ${check.run_id}${same}; ${work}.\n`,
    ].join(''),
  );
}
