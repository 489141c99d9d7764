/** What nodeos complained of, as a cause. */
import type { Cause } from '../../core/domain/cause.ts';
import { failure, whereItWas, type Failure, type RunFacts } from './facts.ts';
import { lastComplaint, needsContext, plain } from './quote.ts';
import { PROBLEM_KINDS, type ProblemKind } from '../log/problems.ts';
import type { Observation } from '../log/observation.ts';

/** Problems of peers come and go; they explain a stall, but not the end of a run. */
const PASSING: ReadonlySet<ProblemKind> = new Set([
  'peer-lacks-blocks',
  'peer-unreachable',
  'unlinkable-blocks',
]);

/** The problem that explains the others, or null when nodeos told of none that ends a run. */
export function rootProblem(o: Observation): ProblemKind | null {
  return PROBLEM_KINDS.find((kind) => o.problems[kind] !== undefined && !PASSING.has(kind)) ?? null;
}

interface Explanation {
  readonly cause: Cause;
  /** Follows `nodeos …`. */
  readonly says: string;
  readonly hint: string;
}

const EXPLANATIONS: Readonly<Record<ProblemKind, Explanation>> = {
  'disk-full': {
    cause: 'disk-full',
    says: 'had no disk space left',
    hint: 'Free disk space on this host, or give it a larger disk.',
  },
  'out-of-memory': {
    cause: 'out-of-memory',
    says: 'could not get memory',
    hint: 'Use a host with more memory, or fewer workers on this one.',
  },
  // The size is part of the job's options or of the configuration: trying again changes nothing.
  'state-too-small': {
    cause: 'bad-job',
    says: 'has a state database that is too small for this chain',
    hint: 'Raise chain-state-db-size-mb in nodeos_options or in the file given as --nodeos-config.',
  },
  'dirty-state': {
    cause: 'nodeos-crash',
    says: 'found a state that was not closed properly, or that another nodeos is using',
    hint: 'Make sure that no other nodeos runs on this directory. Another attempt starts from an empty one.',
  },
  'existing-state': {
    cause: 'nodeos-crash',
    says: 'found a state in its directory that is not from this attempt',
    hint: 'Make sure that each worker has a --data-dir of its own. Another attempt starts from an empty directory.',
  },
  'snapshot-missing': {
    cause: 'download',
    says: 'did not find the snapshot that was fetched for it',
    hint: 'Make sure that nothing removes files from the --data-dir of the worker.',
  },
  'snapshot-version': {
    cause: 'bad-job',
    says: 'cannot read snapshots of this version',
    hint: 'The snapshot was made by another kind of nodeos: correct the version or the snapshot of this slice.',
  },
  'snapshot-unreadable': {
    cause: 'corrupt-snapshot',
    says: 'cannot read the snapshot: it is damaged, cut off, still compressed, or no snapshot',
    hint: 'Compare the size and checksum of the stored snapshot with its source.',
  },
  'other-chain': {
    cause: 'blocks-log',
    says: 'found that the block files are of another chain than the snapshot or genesis',
    hint: 'Correct blocks_path, or the snapshot or genesis of this slice.',
  },
  'log-not-adjacent': {
    cause: 'blocks-log',
    says: 'found that the block files do not join on to its start block',
    hint: 'Check which blocks the files in blocks_path hold: the first block after the start must be among them.',
  },
  'log-damaged': {
    cause: 'blocks-log',
    says: 'cannot read the block files',
    hint: 'Compare the size and checksum of the stored block files with their source.',
  },
  'no-fork-database': {
    cause: 'nodeos-crash',
    says: 'cannot be started again on this state: it has no fork database',
    hint: 'Spring writes none when a replay ends inside the block log: use --final-hash on-stop.',
  },
  'refused-option': {
    cause: 'bad-job',
    says: 'refused its command line',
    hint: 'Correct nodeos_options of this slice, or its version.',
  },
  // The configuration belongs to the host, so another host may do better.
  'refused-configuration': {
    cause: 'install',
    says: 'refused its configuration',
    hint: 'Correct the file given as --nodeos-config: every option in it must be known to this version and build.',
  },
  'port-in-use': {
    cause: 'nodeos-crash',
    says: 'could not open its port, which another process holds',
    hint: 'Another attempt picks other ports.',
  },
  'block-refused': {
    cause: 'nodeos-crash',
    says: 'refused a block of the chain',
    hint:
      'Either this build validates differently from the chain that it replays, or the block file is damaged: ' +
      'see whether another version accepts the same files.',
  },
  'peer-lacks-blocks': {
    cause: 'stalled',
    says: 'has a peer without the blocks that it needs',
    hint: 'Use a --peer that has blocks from the start of this slice on.',
  },
  'peer-unreachable': {
    cause: 'stalled',
    says: 'cannot reach its peer',
    hint: 'Check the address given as --peer, and that this host may connect to it.',
  },
  'unlinkable-blocks': {
    cause: 'stalled',
    says: 'received blocks that do not join on to its own',
    hint: 'Make sure that the --peer is of the same chain as the snapshot.',
  },
};

export function explainProblem(kind: ProblemKind, facts: RunFacts): Failure {
  const { cause, says, hint } = EXPLANATIONS[kind];
  return failure(cause, `nodeos ${says} (${whereItWas(facts)}): ${quote(kind, facts.observation)}`, hint);
}

function quote(kind: ProblemKind, o: Observation): string {
  const first = o.problems[kind];
  if (first === undefined) return lastComplaint(o) ?? 'it does not say why';
  return needsContext(first) ? (lastComplaint(o) ?? plain(first)) : plain(first);
}
