import type { RunCost } from '../domain/cost.ts';
import type { Job } from '../domain/job.ts';
import type { SetAsideHost } from '../domain/host-health.ts';
import type { RetryPolicy } from '../domain/retry-policy.ts';
import type { Summary } from '../domain/summary.ts';
import type { JobTable } from '../store/job-table.ts';
import type { RunInfo } from '../store/run-folder.ts';

/** A run as its folder has it, with its verdicts settled. Nothing of it changes any more. */
export interface PastRun {
  path: string;
  info: RunInfo;
  table: JobTable;
  /** Without times that are still to come: nobody knows. */
  summary: Summary;
  setAside: readonly SetAsideHost[];
  /** null: no price is known. */
  cost: RunCost | null;
  policy: RetryPolicy;
  /** What was lost, a sentence each; empty: nothing that was ever acknowledged. */
  damage: readonly string[];
}

/** In manifest order. */
export function jobsOf({ table }: Pick<PastRun, 'table'>): Job[] {
  return Array.from(table.all(), ({ job }) => job);
}
