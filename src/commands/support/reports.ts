import type { Reports } from '../../core/orchestrator/reports/reports.ts';
import { comparisonJson } from '../../core/report/compare/json.ts';
import { compareRuns } from '../../core/report/compare/model.ts';
import { buildReport } from '../../core/report/model.ts';
import { renderReport } from '../../core/report/render.ts';

/** What the orchestrator serves as reports is made by what `replay report` and `replay runs compare` are. */
export const reports: Reports = {
  render: ({ summary, jobs }, format) => renderReport(buildReport(summary, jobs), format),
  compare: (a, b) => comparisonJson(compareRuns(a, b)),
};
