import { AttemptFailure } from '../../core/domain/attempt-failure.ts';
import { checkNodeosOptions } from '../options/options.ts';
import { prepareFolders } from './replay-slice-files.ts';
import { runReplay } from './replay-slice-replay.ts';
import { hashByRestart } from './replay-slice-restart.ts';
import { defaultTools } from './replay-slice-tools.ts';
import type { DriverTools } from './replay-slice-tools.ts';
import type { SliceOutcome, SliceRun } from './replay-slice-types.ts';

export type { DriverTools } from './replay-slice-tools.ts';
export type { FinalHashBy, NodeosCommand, SliceOutcome, SliceRun, SliceStart } from './replay-slice-types.ts';

/**
 * Takes nodeos through one slice, and returns only what it has proved. When it is over, however it
 * ended, no process of it is left. The attempt's data folder is of no use to anybody afterwards.
 * @throws AttemptFailure with the cause (`interrupted` when the signal was aborted); what `onStartHash`
 *   throws is passed on after nodeos was stopped
 */
export async function replaySlice(run: SliceRun, tools: DriverTools = defaultTools()): Promise<SliceOutcome> {
  throwIfInterrupted(run);
  requireAllowedOptions(run);
  if (!run.hasBlockFiles && run.peers.length === 0) {
    throw new AttemptFailure(
      'blocks-log',
      'There are neither block files nor a peer to replay this slice from',
      {
        hint: 'Put the block files where blocks_path says, or give the worker a --peer.',
      },
    );
  }
  const by = finalHashBy(run);
  const reserved = await tools.reservePorts(2, () => tools.random());
  try {
    await prepareFolders(run);
    const replayed = await runReplay(run, tools, reserved.ports, by === 'on-stop');
    const { head, startHash, endHash } = replayed.success;
    if (by === 'on-stop') return { head, startHash, hash: proven(endHash), finalHashBy: by };
    throwIfInterrupted(run);
    const hash = await hashByRestart(run, tools, reserved.ports, replayed);
    return { head, startHash, hash, finalHashBy: by };
  } catch (error) {
    // Whatever was cut short by the stop request failed because of it.
    if (run.signal.aborted && !(error instanceof AttemptFailure)) throwIfInterrupted(run);
    throw asDiskFull(error);
  } finally {
    reserved.release();
  }
}

/** The orchestrator has looked at them, but what comes over the network is not taken on its word. */
function requireAllowedOptions({ options, product }: SliceRun): void {
  const problems = checkNodeosOptions(options, product);
  if (problems.length === 0) return;
  throw new AttemptFailure('bad-job', `nodeos_options of the slice: ${problems.join('; ')}`, {
    hint: 'Correct the manifest.',
  });
}

function finalHashBy({ finalHash, product }: SliceRun): 'restart' | 'on-stop' {
  if (finalHash !== 'auto') return finalHash;
  return product === 'leap' ? 'restart' : 'on-stop';
}

function proven(endHash: string | null): string {
  if (endHash !== null) return endHash;
  throw new AttemptFailure('no-evidence', 'nodeos printed no hash that belongs to the end block');
}

function throwIfInterrupted({ signal }: SliceRun): void {
  if (signal.aborted) throw new AttemptFailure('interrupted', 'The worker was told to stop');
}

/** Our own files are small, but the disk may be full all the same. */
function asDiskFull(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new AttemptFailure('disk-full', `The disk is full: ${message}`, {
    hint: 'Free some space on the disk of --data-dir, or put it on a larger one.',
    cause: error,
  });
}
