import type { ComparisonRecord } from '../../protocol/comparison-record.ts';
import type { FullJobRecord } from '../../protocol/full-record.ts';
import type { SummaryRecord } from '../../protocol/summary-record.ts';

/** A run, as its records have it. */
export interface ReportedRun {
  summary: SummaryRecord;
  jobs: readonly FullJobRecord[];
}

export const REPORT_FORMATS = ['text', 'json', 'html', 'markdown', 'junit', 'csv'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Runs told for people and for other programs. The knowledge is core/report's, which `commands` hands in. */
export interface Reports {
  render(run: ReportedRun, format: ReportFormat): string;
  compare(a: ReportedRun, b: ReportedRun): ComparisonRecord;
}
