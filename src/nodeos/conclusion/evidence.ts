/** What proves that a run did its slice, and what is missing when it does not. */
import type { RunFacts } from './facts.ts';
import type { Observation } from '../log/observation.ts';

/** The first link of the proof that is missing. */
export type MissingEvidence =
  /** The log contradicts itself: more than one run, or lines that are not nodeos's. */
  | { readonly kind: 'contradiction'; readonly what: string }
  /** The end block is not beyond the start block. */
  | { readonly kind: 'empty-slice' }
  /** No snapshot was loaded, or no chain was begun from the genesis that was given. */
  | { readonly kind: 'not-started' }
  /** The default genesis, or a state that was in the directory already. */
  | { readonly kind: 'wrong-start'; readonly what: 'default-genesis' | 'genesis' | 'snapshot' | 'old-state' }
  /** The snapshot is one of another block. */
  | { readonly kind: 'other-snapshot'; readonly block: number }
  | { readonly kind: 'no-start-hash' }
  /** It stopped before the end block; `head` is where, as far as the log says. */
  | { readonly kind: 'not-reached'; readonly head: number | null }
  /** It went past the end block. */
  | { readonly kind: 'beyond-end'; readonly head: number }
  /** The end was reached, but nothing says at which block exactly the state was left. */
  | { readonly kind: 'head-unproven' }
  | { readonly kind: 'no-stop-hash' };

/** The first link that is missing, or null when the proof is complete. */
export function missingEvidence(facts: RunFacts): MissingEvidence | null {
  const { observation: o, startBlock, endBlock } = facts;
  const contradiction = o.contradictions[0];
  if (contradiction !== undefined) return { kind: 'contradiction', what: contradiction };
  if (endBlock <= startBlock) return { kind: 'empty-slice' };
  return missingAtStart(facts) ?? missingAtEnd(facts, finalHead(o));
}

function missingAtStart({ observation: o, startBlock, fromGenesis }: RunFacts): MissingEvidence | null {
  if (o.defaultGenesis) return { kind: 'wrong-start', what: 'default-genesis' };
  if (o.resumedHead !== null) return { kind: 'wrong-start', what: 'old-state' };
  if (fromGenesis) {
    if (o.snapshotHead !== null) return { kind: 'wrong-start', what: 'snapshot' };
    return o.genesisInitialised ? null : notStarted(o);
  }
  if (o.genesisInitialised) return { kind: 'wrong-start', what: 'genesis' };
  if (o.snapshotHead === null) return notStarted(o);
  if (o.snapshotHead.block !== startBlock) return { kind: 'other-snapshot', block: o.snapshotHead.block };
  return o.startHash === null ? { kind: 'no-start-hash' } : null;
}

/** Leap does not say that it goes on from a state; but a chain that runs without a start had one. */
function notStarted(o: Observation): MissingEvidence {
  const running = o.replayFrom !== null || o.startedHead !== null;
  return running ? { kind: 'wrong-start', what: 'old-state' } : { kind: 'not-started' };
}

function missingAtEnd(facts: RunFacts, head: FinalHead | null): MissingEvidence | null {
  const { observation: o, endBlock } = facts;
  const headOrLast = head?.block ?? o.currentBlock;
  if (headOrLast !== null && headOrLast > endBlock) return { kind: 'beyond-end', head: headOrLast };
  const reached = o.reached?.configured === endBlock || o.chainHead?.block === endBlock;
  if (!reached || (head !== null && head.block < endBlock)) return { kind: 'not-reached', head: headOrLast };
  if (facts.needsStopHash === false) return null;
  if (head === null) return { kind: 'head-unproven' };
  return o.stopHash === null ? { kind: 'no-stop-hash' } : null;
}

interface FinalHead {
  readonly block: number;
  readonly id: string | null;
}

/**
 * The head at the end of the run, or null when the log does not tell. Spring writes it down. Leap
 * tells it only when start-up was complete, which is the end of a replay from a block log; after a
 * sync from peers there is nothing: the line of the end block is printed at any head from there on.
 */
function finalHead(o: Observation): FinalHead | null {
  if (o.chainHead !== null) return o.chainHead;
  if (o.reached !== null && o.reached.head !== null) return { block: o.reached.head, id: null };
  const settled = o.startedHead !== null && o.reached !== null && o.startedHead >= o.reached.configured;
  if (o.startedHead === null || !settled) return null;
  return { block: o.startedHead, id: o.forkRoot?.block === o.startedHead ? o.forkRoot.id : null };
}

/** The head when the log proves that it is the end block; with its id when the log names it. */
export function provenHead({ observation, endBlock }: RunFacts): FinalHead | null {
  const head = finalHead(observation);
  return head?.block === endBlock ? head : null;
}
