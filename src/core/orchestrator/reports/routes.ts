import { pythonJson } from '../../protocol/python-json.ts';
import { toFullRecord } from '../../protocol/to-full-record.ts';
import type { Context } from '../context.ts';
import type { Route } from '../http/app.ts';
import { HTML_TYPE, HttpError, JSON_TYPE, TEXT_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { askedRun, type AskedRun } from '../routes/asked-run.ts';
import { orPage } from '../routes/or-page.ts';
import { REPORT_FORMATS, type ReportedRun, type ReportFormat, type Reports } from './reports.ts';

const FILES: Record<ReportFormat, [type: string, ending: string]> = {
  text: [TEXT_TYPE, 'txt'],
  json: [JSON_TYPE, 'json'],
  html: [HTML_TYPE, 'html'],
  markdown: ['text/markdown; charset=utf-8', 'md'],
  junit: ['application/xml', 'xml'],
  csv: ['text/csv; charset=utf-8', 'csv'],
};

/** Reports of single runs, and two runs side by side. @param current the run that is at work now */
export function reportRoutes(current: () => Context, reports: Reports): Route[] {
  return [
    { path: '/report', added: true, GET: async (request) => getReport(request, current(), reports) },
    {
      path: '/runs/compare',
      added: true,
      GET: orPage((request) => getComparison(request, current(), reports)),
    },
  ];
}

/** GET /report[?run=N][&format=html]: a file to keep; nothing of it is opened as a page of ours. */
async function getReport(request: ApiRequest, context: Context, reports: Reports): Promise<Reply> {
  const asked = request.query.get('format') ?? 'html';
  const format = REPORT_FORMATS.find((format) => format === asked);
  if (format === undefined) {
    throw new HttpError(400, 'There is no such form of a report', {
      code: 'FORMAT_UNKNOWN',
      hint: `Ask for one of ${REPORT_FORMATS.join(', ')}.`,
    });
  }
  const run = reportedRun(await askedRun(request, context));
  const [type, ending] = FILES[format];
  const name = `replay-run-${run.summary.run_id}.${ending}`;
  return {
    status: 200,
    type,
    body: reports.render(run, format),
    headers: { 'Content-Disposition': `attachment; filename="${name}"` },
    compress: true,
  };
}

/** GET /runs/compare?a=N&b=M */
async function getComparison(request: ApiRequest, context: Context, reports: Reports): Promise<Reply> {
  const [a, b] = [request.query.get('a'), request.query.get('b')];
  if (a === null || b === null || a === b) {
    throw new HttpError(400, 'The parameters a and b must be the numbers of two runs', {
      code: 'RUN_MISSING',
      hint: 'GET /runs lists them.',
    });
  }
  const runA = reportedRun(await askedRun(request, context, 'a'));
  const runB = reportedRun(await askedRun(request, context, 'b'));
  const body = pythonJson({ ...reports.compare(runA, runB) });
  return { status: 200, type: JSON_TYPE, body, compress: true };
}

function reportedRun({ view, records, summary }: AskedRun): ReportedRun {
  return { summary: summary(), jobs: Array.from(view.all(), ({ job }) => toFullRecord(job, records)) };
}
