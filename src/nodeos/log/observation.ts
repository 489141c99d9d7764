/**
 * What is known of a run of nodeos from the lines it has printed so far: a pure reduction, so that
 * the same lines always give the same observation, however they arrive. Memory is bounded.
 */
import { parseLogLine, type LogEvent } from './log-line.ts';
import type { ProblemKind } from './problems.ts';

/** In this order; a run never goes back. `syncing`: started, and waiting for blocks from peers. */
export const RUN_STAGES = ['starting', 'loading', 'replaying', 'syncing', 'stopping', 'exited'] as const;
export type RunStage = (typeof RUN_STAGES)[number];

export interface BlockRef {
  readonly block: number;
  readonly id: string;
}

export interface Observation {
  readonly stage: RunStage;
  /** As printed: `v1.2.2`. */
  readonly nodeosVersion: string | null;
  /** 0 to 100; nodeos prints one every 5 s, so none for a small snapshot. */
  readonly snapshotPercent: number | null;
  readonly snapshotHead: { readonly block: number; readonly id: string | null } | null;
  /** State hash after loading, or at start when there was a state already. */
  readonly startHash: string | null;
  /** A new chain was begun from a genesis. */
  readonly genesisInitialised: boolean;
  /** … from the one that is built into nodeos, because it was given none. */
  readonly defaultGenesis: boolean;
  /** Spring: the head of the state that was found in the data directory. */
  readonly resumedHead: BlockRef | null;
  /** False when nodeos said that it has no block log; null before it said anything. */
  readonly hasBlockLog: boolean | null;
  /** First block to be replayed from the log. */
  readonly replayFrom: number | null;
  /** Last block of the block log; says nothing of what is done. */
  readonly logLastBlock: number | null;
  /** Number of the last block that is known to be done. */
  readonly currentBlock: number | null;
  /** nodeos's word that the head is at or beyond its `--terminate-at-block`. */
  readonly reached: { readonly configured: number; readonly head: number | null } | null;
  /** Head when start-up was complete: after the replay of the log, before any block from a peer. */
  readonly startedHead: number | null;
  /** Leap: the last block that was replayed from the log. */
  readonly forkRoot: BlockRef | null;
  /** State hash at shutdown, of whatever head there was. */
  readonly stopHash: string | null;
  /** Spring: the head that the state was left at. */
  readonly chainHead: BlockRef | null;
  /** Address of the HTTP API once it answers. */
  readonly apiAddress: string | null;
  /** The line `nodeos successfully exiting`; printed after many failures too. */
  readonly exitingCleanly: boolean;
  /** The first line that told of each kind of problem. */
  readonly problems: Readonly<Partial<Record<ProblemKind, string>>>;
  /** Things that were said twice, differently. A log like that proves nothing. */
  readonly contradictions: readonly string[];
  /** The last warnings and errors with what follows them, at most `MAX_ERRORS` lines. */
  readonly errors: readonly string[];
  /** Whether a line without header now belongs to a warning or an error. */
  readonly inComplaint: boolean;
}

export const MAX_ERRORS = 40;
const MAX_ERROR_LENGTH = 300;

export const emptyObservation: Observation = {
  stage: 'starting',
  nodeosVersion: null,
  snapshotPercent: null,
  snapshotHead: null,
  startHash: null,
  genesisInitialised: false,
  defaultGenesis: false,
  resumedHead: null,
  hasBlockLog: null,
  replayFrom: null,
  logLastBlock: null,
  currentBlock: null,
  reached: null,
  startedHead: null,
  forkRoot: null,
  stopHash: null,
  chainHead: null,
  apiAddress: null,
  exitingCleanly: false,
  problems: {},
  contradictions: [],
  errors: [],
  inComplaint: false,
};

/**
 * The observation after one more line.
 *
 * @param line a whole line, without its line feed. A last line that has none was cut off when the
 * process died, and must not be given: a number at its end may have lost digits.
 */
export function observe(o: Observation, line: string): Observation {
  const event = parseLogLine(line);
  return event === null ? o : apply(o, event);
}

/** The observation after one more event. */
export function apply(o: Observation, event: LogEvent): Observation {
  if (event.kind === 'complaint') return note({ ...o, inComplaint: true }, event.text, event.problem);
  if (event.kind === 'headless')
    return o.inComplaint || event.problem !== null ? note(o, event.text, event.problem) : o;
  const after = o.inComplaint ? { ...o, inComplaint: false } : o;
  return event.kind === 'other' ? after : applyEvidence(after, event);
}

type EvidenceEvent = Exclude<LogEvent, { kind: 'complaint' | 'headless' | 'other' }>;

function applyEvidence(o: Observation, event: EvidenceEvent): Observation {
  switch (event.kind) {
    case 'started':
      return o;
    case 'version':
      return { ...o, nodeosVersion: event.version };
    case 'loading-snapshot':
      return {
        ...enter(o, 'loading'),
        hasBlockLog: event.blockLog !== null,
        logLastBlock: event.blockLog?.last ?? o.logLastBlock,
      };
    case 'snapshot-percent':
      return { ...enter(o, 'loading'), snapshotPercent: event.percent };
    case 'snapshot-loaded':
      return once(o, 'snapshotHead', { block: event.block, id: event.id }, event.block);
    case 'start-hash':
      return once(o, 'startHash', event.hash);
    case 'default-genesis':
      return { ...o, defaultGenesis: true };
    case 'genesis-initialised':
      return { ...o, genesisInitialised: true };
    case 'state-resumed':
      return once(o, 'resumedHead', { block: event.block, id: event.id }, event.block);
    case 'no-block-log':
      return { ...o, hasBlockLog: false };
    case 'replaying':
      return {
        ...enter(o, 'replaying'),
        hasBlockLog: true,
        replayFrom: event.from,
        logLastBlock: event.logLastBlock,
        currentBlock: event.from - 1,
      };
    case 'replayed-to':
      return { ...enter(o, 'replaying'), currentBlock: event.block, logLastBlock: event.logLastBlock };
    case 'received':
      return { ...enter(o, 'syncing'), currentBlock: event.block };
    case 'reached':
      return reach(o, event.configured, event.head);
    case 'log-replayed':
      return { ...o, currentBlock: event.head };
    case 'fork-root':
      return { ...o, forkRoot: { block: event.block, id: event.id }, currentBlock: event.block };
    case 'chain-started':
      return once(enter(o, 'syncing'), 'startedHead', event.head, event.head);
    case 'api-listening':
      return { ...o, apiAddress: event.address };
    case 'quit-called':
      return enter(o, 'stopping');
    case 'stop-hash':
      return once(enter(o, 'stopping'), 'stopHash', event.hash);
    case 'chain-head':
      return once(enter(o, 'stopping'), 'chainHead', { block: event.block, id: event.id }, event.block);
    case 'exiting':
      return { ...enter(o, 'exited'), exitingCleanly: true };
    default: {
      const never: never = event;
      return never;
    }
  }
}

function enter(o: Observation, stage: RunStage): Observation {
  return RUN_STAGES.indexOf(stage) > RUN_STAGES.indexOf(o.stage) ? { ...o, stage } : o;
}

/** Sets what one run of nodeos says once only. Said again and differently, it is a contradiction. */
function once<
  K extends 'snapshotHead' | 'startHash' | 'resumedHead' | 'startedHead' | 'stopHash' | 'chainHead',
>(
  o: Observation,
  key: K,
  value: NonNullable<Observation[K]>,
  currentBlock: number | null = o.currentBlock,
): Observation {
  const before = o[key];
  if (before === null) return { ...o, [key]: value, currentBlock };
  if (JSON.stringify(before) === JSON.stringify(value)) return { ...o, currentBlock };
  return contradict(o, `${key}: ${JSON.stringify(before)}, then ${JSON.stringify(value)}`);
}

function reach(o: Observation, configured: number, head: number | null): Observation {
  const stopping = enter(o, 'stopping');
  // Syncing from peers repeats the line; the head stays where it is.
  if (
    o.reached !== null &&
    (o.reached.configured !== configured || (head !== null && o.reached.head !== head))
  )
    return contradict(stopping, `reached: ${JSON.stringify(o.reached)}, then ${configured} at ${head}`);
  return { ...stopping, reached: { configured, head }, currentBlock: head ?? o.currentBlock };
}

function contradict(o: Observation, what: string): Observation {
  return o.contradictions.length >= MAX_ERRORS ? o : { ...o, contradictions: [...o.contradictions, what] };
}

function note(o: Observation, text: string, problem: ProblemKind | null): Observation {
  const line = text.slice(0, MAX_ERROR_LENGTH);
  const problems =
    problem === null || o.problems[problem] !== undefined ? o.problems : { ...o.problems, [problem]: line };
  const errors = o.errors.at(-1) === line ? o.errors : [...o.errors, line].slice(-MAX_ERRORS);
  return { ...o, problems, errors };
}
