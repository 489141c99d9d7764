/** Lines of one attempt in a row. The lines of an attempt are counted from 0. */
export interface LogPart {
  /** Number of the first of `lines`; of the next one where there is none. */
  from: number;
  lines: string[];
  /** How many lines right before them are wanted and not kept any more. */
  skipped: number;
}
