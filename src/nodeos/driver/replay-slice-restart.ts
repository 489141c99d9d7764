import { AttemptFailure } from '../../core/domain/attempt-failure.ts';
import { concludeRestart } from '../conclusion/conclusion.ts';
import type { ProcessExit } from '../conclusion/conclusion.ts';
import { removeBlockLog, restartArguments, writeConfig } from './replay-slice-files.ts';
import { startObserved } from './replay-slice-observed.ts';
import type { ObservedNodeos } from './replay-slice-observed.ts';
import { asAttemptFailure } from './replay-slice-replay.ts';
import type { Replayed } from './replay-slice-replay.ts';
import { pause } from './replay-slice-tools.ts';
import type { DriverTools } from './replay-slice-tools.ts';
import type { SliceRun } from './replay-slice-types.ts';

/** The API is open at once or never: so many refusals in a row, once it is, are its answer. */
const MOST_REFUSALS = 20;

/**
 * Starts nodeos again on the state that the replay left, holding still, and asks it for the hash.
 * @throws AttemptFailure when there is no hash of exactly the end block, or when it is not the one that
 *   the replay's nodeos printed at its stop: both come from the same state
 */
export async function hashByRestart(
  run: SliceRun,
  tools: DriverTools,
  ports: readonly number[],
  replayed: Replayed,
): Promise<string> {
  const stopHash = replayed.observation.stopHash;
  await removeBlockLog(run);
  const hash = await askRestarted(run, tools, ports, replayed.success.headId);
  if (stopHash === null || stopHash === hash) return hash;
  throw new AttemptFailure(
    'no-evidence',
    `nodeos gives two hashes for block ${run.endBlock}: ${stopHash} when the replay stopped, and ${hash} when it was restarted read-only`,
    {
      hint: 'Neither counts. Run the slice on another host; if it happens there too, report it with both logs.',
    },
  );
}

async function askRestarted(
  run: SliceRun,
  tools: DriverTools,
  ports: readonly number[],
  headId: string | null,
): Promise<string> {
  const { clock } = tools;
  const config = await writeConfig(run, 'read-only', ports);
  run.signal.throwIfAborted();
  // Computing the hash once more at the start takes as long again, but without an id of the end block
  // in the log of the replay it is what shows that the answer is of our own process.
  const proof = headId === null ? ['--integrity-hash-on-start'] : [];
  const nodeos = await startObserved(run, tools, {
    args: [...restartArguments(run, config), ...proof],
    purpose: 'read-only',
    config,
    onChange: () => undefined,
  });
  const started = clock.now();
  const over = new AbortController();
  let stalled = false;
  const cancelLimit = clock.after(run.limits.hashMs, () => {
    stalled = true;
    over.abort();
  });
  const waiting = AbortSignal.any([over.signal, run.signal]);
  let exit: ProcessExit | null = null;
  const exited = nodeos.exit.then((status) => {
    exit = status;
    over.abort();
  });
  exited.catch(() => over.abort());
  try {
    const answer = await ask(run, tools, ports[0]!, nodeos, waiting);
    // It answers while it runs: one that had ended by then was not the one that answered.
    if (answer === undefined && !stalled && !run.signal.aborted) await exited;
    const conclusion = concludeRestart({
      observation: nodeos.observation(),
      exit,
      product: run.product,
      endBlock: run.endBlock,
      headId,
      answer: exit === null ? answer : undefined,
      endedByUs: run.signal.aborted ? 'interrupted' : stalled ? 'stalled' : null,
      stalledForMs: clock.now() - started,
    });
    if (!conclusion.ok) throw asAttemptFailure(conclusion);
    return conclusion.endHash;
  } finally {
    cancelLimit();
    await nodeos.stop();
    await nodeos.exit.catch(() => undefined);
  }
}

/** Asks until there is an answer; undefined when the waiting was ended before, or the API only refuses. */
async function ask(
  run: SliceRun,
  tools: DriverTools,
  port: number,
  nodeos: ObservedNodeos,
  waiting: AbortSignal,
): Promise<unknown> {
  for (let refusals = 0; refusals < MOST_REFUSALS && !waiting.aborted;) {
    await pause(tools.clock, tools.pollMs, waiting);
    // Before its start is complete whoever answers on this port is another.
    if (waiting.aborted || nodeos.observation().startedHead === null) continue;
    try {
      return await tools.getIntegrityHash({ port, timeoutMs: run.limits.hashMs, signal: waiting });
    } catch {
      refusals += 1;
    }
  }
  await nodeos.stop();
  return undefined;
}
