import type { Job } from '../../domain/job.ts';
import { FULL_RECORD_TYPE } from '../../protocol/full-record.ts';
import { recordText } from '../../protocol/job-text.ts';
import { OFFERS, negotiate } from '../../protocol/negotiate.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { toJobRecord } from '../../protocol/record.ts';
import { toFullRecord } from '../../protocol/to-full-record.ts';
import type { JobView } from '../../store/job-table.ts';
import type { Context } from '../context.ts';
import { HttpError, JSON_TYPE, PAGE, TEXT_TYPE, type Reply } from '../http/reply.ts';
import { inParts, type Frame } from '../http/parts.ts';
import { idParameter, type ApiRequest } from '../http/request.ts';
import { askedRun } from './asked-run.ts';

const ARRAY: Frame = { before: '[', between: ', ', after: ']' };
const LINES: Frame = { before: '', between: '\n', after: '' };

/** GET /status[?run=N], /status?sliceid=N. JSON is always an array; the text form has one job a line. */
export async function getStatus(request: ApiRequest, context: Context): Promise<Reply> {
  const { view, records } = await askedRun(request, context);
  const jobs = chosenJobs(request, view);
  const headers = { Vary: 'Accept' };
  const form = negotiate(request.header('accept'), OFFERS.status, 'text');
  switch (form) {
    case 'full': {
      const body = inParts(jobs, ARRAY, (job) => pythonJson(toFullRecord(job, records)));
      return { status: 200, type: FULL_RECORD_TYPE, body, headers };
    }
    case 'json': {
      const body = inParts(jobs, ARRAY, (job) => pythonJson(toJobRecord(job)));
      return { status: 200, type: JSON_TYPE, body, headers };
    }
    case 'html':
      return PAGE;
    case 'text': {
      const body = inParts(jobs, LINES, (job) => recordText(toJobRecord(job)));
      return { status: 200, type: TEXT_TYPE, body, headers };
    }
    default: {
      const never: never = form;
      throw new Error(`no such form: ${String(never)}`);
    }
  }
}

function chosenJobs(request: ApiRequest, view: JobView): Job[] {
  if (!request.query.has('sliceid')) return Array.from(view.all(), ({ job }) => job);
  return [findSlice(request, view).job];
}

/** @throws HttpError 404 when no slice has that position */
export function findSlice(request: ApiRequest, view: JobView) {
  const sliceId = idParameter(request, 'sliceid');
  const stored = sliceId === null ? undefined : view.bySlice(sliceId);
  if (!stored) throw new HttpError(404, 'Not found', { code: 'SLICE_NOT_FOUND' });
  return stored;
}
