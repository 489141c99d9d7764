import type { BlockLog } from './block-log.ts';
import type { NodeOptions } from './command-line.ts';
import { type Fault, type FaultName, faultIn } from './faults.ts';
import type { Form } from './form.ts';
import type { StandInIo } from './io.ts';
import type { Level, NodeLog } from './log.ts';
import type { Quit } from './quit.ts';
import type { StandInSettings } from './settings.ts';
import type { ChainState, ForkDatabase, StateFolder } from './state-folder.ts';
import { type HashTable, addTaint, stateHash } from './state-hash.ts';

/** One run of the program from start to exit: what it was given, and how far it has come. */
export interface Run {
  readonly form: Form;
  readonly io: StandInIo;
  readonly log: NodeLog;
  readonly settings: StandInSettings;
  readonly table: HashTable;
  readonly options: NodeOptions;
  /** As the log lists them. */
  readonly optionsText: string;
  readonly stateFolder: StateFolder;
  readonly blocksFolder: string;
  readonly quit: Quit;
  blockLog: BlockLog;
  /** Null until there is a chain. */
  state: ChainState | null;
  /** Bytes that the state takes up, about. */
  databaseUsed: number;
  /** Whether the chain came as far as its start hash; only then is there one at the stop. */
  isOpen: boolean;
  /** What goes into the fork database at the stop; null when the run ends before it was opened. */
  forkDatabase: ForkDatabase | null;
}

/** Prints a line of the log by our name for its place. */
export function say(run: Run, place: string, message: string, level: Level = 'info'): void {
  run.log.line(level, run.form.at(place), message);
}

/** `--terminate-at-block`, 0 when there is no end. */
export function endBlock(run: Run): number {
  return Number(run.options.value('terminate-at-block') ?? '0');
}

/** The fault of that name that concerns this run, or null. */
export function fault(run: Run, name: FaultName): Fault | null {
  const start = run.state?.startBlock ?? 0;
  const end = Math.max(endBlock(run), run.state?.head.block ?? 0);
  return faultIn(run.settings.faults, name, { start, end: endBlock(run) === 0 && end <= start ? 0 : end });
}

/** The state of the chain. @throws Error when the run has none yet, which is a defect. */
export function chainOf(run: Run): ChainState {
  if (run.state === null) throw new Error('there is no chain yet');
  return run.state;
}

/** Computes the hash of the state as it is now; takes as long as was asked for. */
export async function currentHash(run: Run): Promise<string> {
  if (run.settings.hashMs > 0) await pause(run.settings.hashMs);
  const chain = chainOf(run);
  return stateHash({ ...chain, block: chain.head.block }, run.table);
}

/** Spoils the state from here on. */
export function spoil(run: Run, reason: string): void {
  const chain = chainOf(run);
  run.state = { ...chain, taint: addTaint(chain.taint, reason) };
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** Lets signals and connections be served. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
