/** A run that we had to end because nothing moved any more: where, for how long, and why most likely. */
import { failure, whereItWas, type Failure, type RunFacts } from './facts.ts';
import type { MissingEvidence } from './evidence.ts';
import { explainMissing } from './missing.ts';
import { explainProblem } from './problem.ts';
import type { ProblemKind } from '../log/problems.ts';

export function explainStall(
  facts: RunFacts,
  missing: MissingEvidence | null,
  problem: ProblemKind | null,
): Failure {
  if (problem !== null) return explainProblem(problem, facts);
  // A wrong start explains the wait, and will do so the next time.
  if (
    missing?.kind === 'wrong-start' ||
    missing?.kind === 'other-snapshot' ||
    missing?.kind === 'empty-slice'
  )
    return explainMissing(missing, facts);
  const reason = likeliestReason(facts);
  return failure('stalled', `${whatStalled(facts)}: ${reason.message}`, reason.hint);
}

function whatStalled(facts: RunFacts): string {
  const { observation: o, stalledForMs } = facts;
  const stage = facts.stalledStage ?? (o.stage === 'starting' || o.stage === 'loading' ? 'load' : 'replay');
  const what = { load: 'loading the snapshot', replay: 'the replay', hash: 'the final hash' }[stage];
  const duration = stalledForMs === undefined ? '' : ` for ${Math.round(stalledForMs / 1000)} s`;
  const percent = stage === 'load' && o.snapshotPercent !== null ? ` (${o.snapshotPercent} % loaded)` : '';
  return `nothing moved in ${what}${duration}, ${whereItWas(facts)}${percent}`;
}

interface Reason {
  readonly message: string;
  readonly hint: string;
}

function likeliestReason(facts: RunFacts): Reason {
  const { observation: o, endBlock, stalledStage } = facts;
  if (o.reached !== null || stalledStage === 'hash')
    return {
      message: `nodeos has reached the end block ${endBlock}, but neither writes its state nor ends`,
      hint: 'Writing a large state to a slow disk can take long: raise --hash-timeout, or look at the disk.',
    };
  if (o.currentBlock === endBlock)
    return {
      message: `nodeos has replayed to the end block ${endBlock}, but does not end`,
      hint:
        'Leave the options …-accept-transactions out of the file given as --nodeos-config: ' +
        'with them nodeos never ends when its block log ends at the end block.',
    };
  if (o.startedHead === null && o.replayFrom !== null)
    return {
      message: 'nodeos is alive but replays no further block',
      hint:
        'If it stands still at the same block on another host, this build of nodeos hangs there. ' +
        'If the host is only slow, raise --stall-timeout.',
    };
  if (o.startedHead === null)
    return {
      message: 'nodeos is alive but prints nothing',
      hint: 'Loading a large snapshot from a slow disk can take long: raise --load-timeout, or look at the disk.',
    };
  return peerReason(facts) ?? blockLogReason(facts, o.startedHead);
}

const PEER_HINT = 'Give --peer the address of a node that has the blocks up to the end of the slice.';

function peerReason({ observation: o, endBlock }: RunFacts): Reason | null {
  const unreachable = o.problems['peer-unreachable'];
  if (unreachable !== undefined)
    return {
      message: `the peer cannot be reached (${unreachable})`,
      hint: 'Check the address given as --peer, and that this host may connect to it.',
    };
  if (o.problems['peer-lacks-blocks'] !== undefined)
    return { message: 'the peer does not have the blocks that come next', hint: PEER_HINT };
  if (o.currentBlock !== null && o.startedHead !== null && o.currentBlock > o.startedHead)
    return {
      message: `the peers have no block beyond it, and the end block is ${endBlock}`,
      hint: PEER_HINT,
    };
  return null;
}

function blockLogReason({ observation: o, endBlock }: RunFacts, startedHead: number): Reason {
  if (o.hasBlockLog === false)
    return {
      message: 'nodeos found no block log, and no peer delivers blocks',
      hint: 'Check blocks_path: the files must be where nodeos looks for them. Or give a --peer.',
    };
  const last = o.logLastBlock ?? startedHead;
  const hint = 'Add the missing block files to blocks_path, or give a --peer.';
  if (last >= endBlock)
    return {
      message: `the block log names blocks up to ${last}, but ${startedHead + 1} is not among them`,
      hint,
    };
  return {
    message: `the block log ends at ${last}, before the end block ${endBlock}, and no peer delivers the rest`,
    hint,
  };
}
