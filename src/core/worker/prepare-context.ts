import type { Source } from '../storage/source.ts';

/** What all preparations of an attempt are given. */
export interface PrepareContext {
  source: Source;
  /** The attempt's own folder, absolute. */
  directory: string;
  signal: AbortSignal;
  /** Bytes as stored at the source; `total` is null when it is not known. May go back when a download begins again. */
  onBytes: (bytes: { done: number; total: number | null }) => void;
}
