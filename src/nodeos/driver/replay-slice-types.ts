import type { Product } from '../product.ts';
import type { ConfigLine } from '../config/config-ini-lines.ts';
import type { StageLimits } from './replay-slice-watch.ts';

/** What nodeos starts from. Paths are absolute. */
export type SliceStart =
  | { readonly kind: 'snapshot'; readonly path: string }
  | { readonly kind: 'genesis'; readonly path: string };

/** `auto`: restart for Leap; on-stop for Spring, where a restart fails after a replay that ended inside the log. */
export type FinalHashBy = 'auto' | 'restart' | 'on-stop';

/** The stages of an attempt that nodeos is running in. */
export type DrivenStage = 'load' | 'replay' | 'hash';

export interface SliceProgress {
  /** Number of the last block replayed; null before the first. */
  readonly block: number | null;
  /** 0 to 100; null when nodeos has not said (it does every 5 s). */
  readonly snapshotPercent: number | null;
}

/** One start of nodeos. */
export interface NodeosCommand {
  readonly purpose: 'replay' | 'read-only';
  /** Without the program itself. */
  readonly args: readonly string[];
  /** Path of its config.ini, which is written. */
  readonly configFile: string;
}

export interface SliceRun {
  readonly nodeosPath: string;
  readonly product: Product;
  /** The attempt's own folder, absolute: block files are in `data/blocks/retained`, logs go to `log`. */
  readonly directory: string;
  readonly start: SliceStart;
  /** Head of the snapshot; 0 from genesis. */
  readonly startBlock: number;
  /** The last block to be replayed. */
  readonly endBlock: number;
  /** Stride files are in `data/blocks/retained`. */
  readonly hasBlockFiles: boolean;
  /** `host:port` of nodes that deliver the blocks that no file has. */
  readonly peers: readonly string[];
  /** The slice's `nodeos_options`, as the manifest has them. */
  readonly options: readonly string[];
  /** Lines of `--nodeos-config`, as `readConfigLines` gives them. */
  readonly configLines: readonly ConfigLine[];
  readonly finalHash: FinalHashBy;
  /**
   * Milliseconds without progress after which a stage is given up. `hashMs` is for the whole of what is
   * waited for: once for the end of the replay's nodeos, once for the answer of a restarted one.
   */
  readonly limits: StageLimits;
  readonly signal: AbortSignal;
  /** Each line that nodeos prints, of every nodeos that is run. Called often: it has to be quick, and must not throw. */
  onLogLine?: (line: string) => void;
  /** Called before each start of nodeos, which waits for it. Must not throw. */
  onCommand?(command: NodeosCommand): Promise<void> | void;
  onStage(stage: DrivenStage): void;
  /** Called when one of the two has changed. */
  onProgress(progress: SliceProgress): void;
  /** Called once, before the stage `replay` is reported; not for slices from genesis. nodeos runs on meanwhile. */
  onStartHash(hash: string): Promise<void> | void;
}

export interface SliceOutcome {
  /** Always the end block. */
  readonly head: number;
  /** State hash of the end block. */
  readonly hash: string;
  /** State hash of the snapshot; null from genesis. */
  readonly startHash: string | null;
  readonly finalHashBy: 'on-stop' | 'restart';
}
