/** A mistake in a manifest, or something in it that is worth a warning. */
export interface ManifestProblem {
  /** Stable, for programs. */
  readonly code: ProblemCode;
  /** Position in the manifest, from 1; null when no single slice is at fault. */
  readonly sliceId: number | null;
  /** In the file, from 1. */
  readonly line: number | null;
  readonly field: string | null;
  /** As the manifest has it; undefined when it is missing. */
  readonly value: unknown;
  /** What was found, and what was expected. */
  readonly message: string;
}

export type ProblemCode =
  | 'syntax'
  | 'not-a-list'
  | 'no-slices'
  | 'not-an-object'
  | 'missing-field'
  | 'bad-value'
  | 'unknown-field'
  | 'repeated-key'
  | 'repeated-slice'
  | 'overlap'
  | 'gap'
  | 'other-product'
  | 'snapshot-name'
  | 'no-genesis'
  | 'repeated-snapshot'
  | 'repeated-hash'
  | 'contradictory-hashes';

/** A problem before its line in the file was looked up, which is done only when there are problems. */
export type Finding = Omit<ManifestProblem, 'line'>;
