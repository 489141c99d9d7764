/**
 * The judge of one run of nodeos: did it replay exactly this slice, and with which hashes?
 *
 * Exit code 0 proves nothing: it is also the exit of a node that was asked to stop, whose disk was
 * full, whose end block lay below its snapshot, and in Leap of one whose state did not fit. And the
 * hash that is printed at the stop belongs to whatever head there was. So a run is a success only
 * if every link is there: it started from the right block, it says that it reached our end block,
 * its head is exactly that block, it exited by itself with 0, and the hash was printed then.
 */
import { missingEvidence, provenHead } from './evidence.ts';
import type { Conclusion, RunFacts } from './facts.ts';
import { explainFailure } from './failure.ts';

export type { Conclusion, Failure, ProcessExit, RunFacts, Success } from './facts.ts';
export { concludeRestart, type RestartFacts } from './restart.ts';

/** What one run of nodeos over a slice means. */
export function conclude(facts: RunFacts): Conclusion {
  const exitedWell = facts.exit.code === 0 && facts.exit.signal === null && facts.endedByUs === null;
  const missing = missingEvidence(facts);
  if (!exitedWell || missing !== null) return explainFailure(facts, missing);
  const { observation, endBlock, fromGenesis } = facts;
  const head = provenHead(facts);
  return {
    ok: true,
    startHash: fromGenesis ? null : observation.startHash,
    endHash: head === null ? null : observation.stopHash,
    head: endBlock,
    headId: head?.id ?? null,
  };
}
