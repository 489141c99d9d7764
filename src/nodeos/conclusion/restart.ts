/** The judge of the second, read-only run, which is asked for the final hash. */
import { checkIntegrityAnswer } from './integrity-answer.ts';
import type { Observation } from '../log/observation.ts';
import { failure, type Failure, type ProcessExit } from './facts.ts';
import { explainFailure } from './failure.ts';
import { rootProblem } from './problem.ts';

export interface RestartFacts {
  readonly observation: Observation;
  /** How it ended; null while it runs, which is when it answers. */
  readonly exit: ProcessExit | null;
  readonly product: 'leap' | 'spring';
  readonly endBlock: number;
  /** Id of the end block from the run that replayed the slice (`Success.headId`). */
  readonly headId: string | null;
  /** The JSON that `get_integrity_hash` answered; undefined when there was no answer. */
  readonly answer: unknown;
  /** Why we ended it before it answered. */
  readonly endedByUs: null | 'stalled' | 'interrupted';
  readonly stalledForMs?: number;
}

export type RestartConclusion =
  | { readonly ok: true; readonly endHash: string; readonly headId: string }
  | Failure;

/** Whether the read-only run gave the hash of exactly the end block, and gave it itself. */
export function concludeRestart(facts: RestartFacts): RestartConclusion {
  if (facts.answer === undefined || facts.endedByUs === 'interrupted') return noAnswer(facts);
  const { observation: o, endBlock } = facts;
  const contradiction = o.contradictions[0];
  if (contradiction !== undefined) return refuse(`its log contradicts itself (${contradiction})`);
  if (o.startedHead === null) return refuse('it does not say at which block it is');
  if (o.startedHead !== endBlock)
    return refuse(`it is at block ${o.startedHead}, and the end block is ${endBlock}`);
  const resumed = o.resumedHead?.id ?? null;
  if (facts.headId !== null && resumed !== null && resumed !== facts.headId)
    return refuse(`it went on from block ${resumed}, and the replay had ended at ${facts.headId}`);
  const check = checkIntegrityAnswer(facts.answer, endBlock, facts.headId ?? resumed);
  if (!check.ok) return refuse(check.message);
  if (o.startHash !== null && o.startHash !== check.hash)
    return refuse(
      `it printed the hash ${o.startHash}, and ${check.hash} was the answer: another node answered`,
    );
  if (o.startHash === null && facts.headId === null && resumed === null)
    return refuse('nothing in its log shows that the answer is its own');
  return { ok: true, endHash: check.hash, headId: check.headId };
}

function refuse(what: string): Failure {
  return failure(
    'no-evidence',
    `the read-only run gives no final hash that counts: ${what}`,
    'Leave no block log and no peer to it, and read-mode = head. With Spring, use --final-hash on-stop.',
  );
}

function noAnswer(facts: RestartFacts): Failure {
  const { observation, product, endBlock, endedByUs, stalledForMs } = facts;
  const exit = facts.exit ?? { code: null, signal: null };
  const problem = rootProblem(observation);
  if (endedByUs === 'stalled' && problem === null)
    return failure(
      'stalled',
      `the read-only run did not answer get_integrity_hash${stalledForMs === undefined ? '' : ` for ${Math.round(stalledForMs / 1000)} s`}`,
      'Hashing a large state takes long: raise --hash-timeout, or look at the disk.',
    );
  if (endedByUs === null && exit.code === 0 && problem === null)
    return refuse('it ended without an error before it answered');
  // There is no slice in this run: it stays where the replay ended.
  const slice = { startBlock: endBlock, endBlock, fromGenesis: false };
  return explainFailure({ observation, exit, product, endedByUs, ...slice }, null);
}
