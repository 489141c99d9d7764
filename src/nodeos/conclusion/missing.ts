/** What is missing of the proof, in words. nodeos itself saw nothing wrong in these runs. */
import { failure, whereItWas, type Failure, type RunFacts } from './facts.ts';
import type { MissingEvidence } from './evidence.ts';

const SEE_LOG = 'See the last lines of its log.';

export function explainMissing(missing: MissingEvidence | null, facts: RunFacts): Failure {
  const { startBlock, endBlock } = facts;
  switch (missing?.kind) {
    case undefined:
      return failure('no-evidence', `nodeos ended in an unknown way ${whereItWas(facts)}`, SEE_LOG);
    case 'contradiction':
      return failure(
        'no-evidence',
        `the log contradicts itself (${missing.what}): it is not the log of one run`,
        'Make sure that each worker has a --data-dir of its own.',
      );
    case 'empty-slice':
      return failure(
        'bad-job',
        `the end block ${endBlock} is not beyond the start block ${startBlock}: there is nothing to replay`,
        'Correct end_block_id of this slice.',
      );
    case 'wrong-start':
      return explainWrongStart(missing.what, facts);
    case 'other-snapshot':
      // Not a damaged file, and the same at every attempt: the manifest names a file of another block.
      return failure(
        'bad-job',
        `the snapshot is of block ${missing.block}, and the slice starts at ${startBlock}`,
        'Correct snapshot_path or start_block_id of this slice.',
      );
    case 'not-started':
      return failure(
        'no-evidence',
        `nodeos ended without an error ${whereItWas(facts)}: ${asked(facts)}`,
        SEE_LOG,
      );
    case 'no-start-hash':
      return failure('no-evidence', 'nodeos did not print the state hash of the snapshot', SEE_LOG);
    case 'not-reached':
      return failure(
        'no-evidence',
        missing.head === endBlock
          ? `nodeos was last seen at the end block ${endBlock}, but does not say that it ended there: ${asked(facts)}`
          : `nodeos ended without an error at block ${missing.head ?? 'unknown'}, before the end block ${endBlock}: ${asked(facts)}`,
        'Find out who stops processes on this host: a shutdown, a service manager, a person.',
      );
    case 'beyond-end':
      return failure(
        'no-evidence',
        `nodeos went on to block ${missing.head}, past the end block ${endBlock}: its hash is not that of the end block`,
        'A log or a peer must not take it further: see the last lines of its log.',
      );
    case 'head-unproven':
      return failure(
        'no-evidence',
        `nodeos reached the end block ${endBlock}, but does not tell at which block the printed hash was taken`,
        'Leap does not after a sync from peers: use --final-hash restart.',
      );
    case 'no-stop-hash':
      return failure(
        'no-evidence',
        `nodeos reached the end block ${endBlock}, but printed no hash when it stopped`,
        SEE_LOG,
      );
    default: {
      const never: never = missing;
      return never;
    }
  }
}

function asked(facts: RunFacts): string {
  const end = facts.observation.reached?.configured;
  if (end !== undefined && end !== facts.endBlock) return `its own end block was ${end}`;
  // Spring does not survive a SIGHUP; Leap takes it for a request to stop.
  const signals = facts.product === 'leap' ? 'SIGTERM, SIGINT or SIGHUP' : 'SIGTERM or SIGINT';
  return `most likely it was asked to stop (${signals}), and not by this worker`;
}

type WrongStart = Extract<MissingEvidence, { kind: 'wrong-start' }>['what'];

function explainWrongStart(what: WrongStart, { startBlock }: RunFacts): Failure {
  switch (what) {
    case 'default-genesis':
      return failure(
        'bad-job',
        'nodeos found neither a snapshot nor a genesis and began a chain of its own',
        'Give the slice a snapshot_path, or a genesis_path when it starts at 0.',
      );
    case 'genesis':
      return failure(
        'bad-job',
        `nodeos began a new chain from a genesis, and the slice starts at ${startBlock}`,
        'Correct snapshot_path of this slice.',
      );
    case 'snapshot':
      return failure(
        'bad-job',
        'nodeos loaded a snapshot, and the slice starts from genesis',
        'Correct start_block_id or snapshot_path of this slice.',
      );
    case 'old-state':
      return failure(
        'nodeos-crash',
        'nodeos went on from a state that was in its directory already',
        'Make sure that each worker has a --data-dir of its own. Another attempt starts from an empty directory.',
      );
    default: {
      const never: never = what;
      return never;
    }
  }
}
