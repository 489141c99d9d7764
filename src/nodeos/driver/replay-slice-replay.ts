import { AttemptFailure } from '../../core/domain/attempt-failure.ts';
import { conclude } from '../conclusion/conclusion.ts';
import type { Failure, ProcessExit, RunFacts, Success } from '../conclusion/conclusion.ts';
import { emptyObservation } from '../log/observation.ts';
import type { Observation } from '../log/observation.ts';
import { replayArguments, writeConfig } from './replay-slice-files.ts';
import { startObserved } from './replay-slice-observed.ts';
import type { ObservedNodeos } from './replay-slice-observed.ts';
import { makeReports } from './replay-slice-reports.ts';
import type { DriverTools } from './replay-slice-tools.ts';
import { makeTracker, pollHead } from './replay-slice-tracker.ts';
import type { DrivenStage, SliceRun } from './replay-slice-types.ts';
import { watchIdle } from './replay-slice-watch.ts';

export interface Replayed {
  readonly success: Success;
  readonly observation: Observation;
}

/** Why we ended nodeos before it ended by itself. */
type Ending =
  | { readonly why: 'interrupted' }
  | {
      readonly why: 'stalled';
      readonly stage: DrivenStage;
      readonly forMs: number;
      /** As it was then: what nodeos says when it is told to stop does not explain why it stood still. */
      readonly seen: Observation;
    }
  | { readonly why: 'hopeless'; readonly failure: AttemptFailure }
  /** What `onStartHash` threw is thrown in the end. */
  | { readonly why: 'undeliverable' };

/**
 * Runs nodeos over the slice, from the snapshot or genesis to the end block, and judges the run.
 * @param needsStopHash whether the hash at its stop is the final one
 */
export async function runReplay(
  run: SliceRun,
  tools: DriverTools,
  ports: readonly number[],
  needsStopHash: boolean,
): Promise<Replayed> {
  let ending: Ending | null = null;
  let nodeos: ObservedNodeos | null = null;
  const end = (why: Ending): void => {
    ending ??= why;
    void nodeos?.stop();
  };
  const watch = watchIdle(tools.clock, run.limits, (stage, forMs) => {
    end({ why: 'stalled', stage, forMs, seen: nodeos?.observation() ?? emptyObservation });
  });
  const reports = makeReports(run, () => end({ why: 'undeliverable' }));
  const onAbort = () => end({ why: 'interrupted' });
  run.signal.addEventListener('abort', onAbort, { once: true });
  const over = new AbortController();
  try {
    reports.stage('load');
    const tracker = makeTracker(run, reports, watch, (failure) => end({ why: 'hopeless', failure }));
    const config = await writeConfig(run, 'replay', ports);
    run.signal.throwIfAborted();
    nodeos = await startObserved(run, tools, {
      args: replayArguments(run, config),
      purpose: 'replay',
      config,
      onChange: (o) => tracker.line(o),
    });
    // Something may have happened while it was being started.
    if (ending !== null) void nodeos.stop();
    void pollHead(run, tools, ports[0]!, nodeos, over.signal, (block) => tracker.polled(block));
    const exit = await nodeos.exit;
    watch.stop();
    await Promise.race([reports.delivered(), aborted(run.signal, over.signal)]);
    return judge(run, nodeos.observation(), exit, ending, needsStopHash);
  } finally {
    over.abort();
    watch.stop();
    run.signal.removeEventListener('abort', onAbort);
    await nodeos?.stop();
  }
}

function judge(
  run: SliceRun,
  observation: Observation,
  exit: ProcessExit,
  ending: Ending | null,
  needsStopHash: boolean,
): Replayed {
  if (ending?.why === 'hopeless') throw ending.failure;
  const facts: RunFacts = {
    observation: ending?.why === 'stalled' ? stalledAt(ending.seen, observation) : observation,
    exit,
    product: run.product,
    startBlock: run.startBlock,
    endBlock: run.endBlock,
    fromGenesis: run.start.kind === 'genesis',
    endedByUs: endedByUs(ending),
    needsStopHash,
    ...(ending?.why === 'stalled' && { stalledStage: ending.stage, stalledForMs: ending.forMs }),
  };
  const conclusion = conclude(facts);
  if (!conclusion.ok) throw asAttemptFailure(conclusion);
  return { success: conclusion, observation };
}

/**
 * Why it stood still is told by what it had said before; where, more exactly by what it said when it
 * was told to stop: its log names only every 500th block.
 */
function stalledAt(seen: Observation, afterStop: Observation): Observation {
  return { ...seen, currentBlock: afterStop.currentBlock };
}

function endedByUs(ending: Ending | null): RunFacts['endedByUs'] {
  if (ending === null) return null;
  // An undeliverable hash gets here only when the worker was told to stop meanwhile.
  return ending.why === 'stalled' ? 'stalled' : 'interrupted';
}

/** A judgement as the error that ends the attempt. Its message begins a sentence. */
export function asAttemptFailure({ cause, message, hint }: Failure): AttemptFailure {
  const sentence = message.startsWith('nodeos')
    ? message
    : message.charAt(0).toUpperCase() + message.slice(1);
  return new AttemptFailure(cause, sentence, hint === null ? {} : { hint });
}

/** @param over ends the waiting for good, so that nothing stays registered on a signal that lives long */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true, signal: over });
  });
}
