import { redact } from '../../log/redact.ts';
import { EVIDENCE_LIMIT, parseEvidence } from '../../protocol/attempt-evidence.ts';
import { pythonJson } from '../../protocol/python-json.ts';
import { evidencePath, readEvidenceFile, writeEvidenceFile } from '../../runs/evidence-file.ts';
import type { Context } from '../context.ts';
import { HttpError, JSON_TYPE, type Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { askedRun } from './asked-run.ts';
import { findJobIn } from './get-job.ts';
import { findAttempt } from './find-attempt.ts';
import { ownAttempt, renewOwnLease } from './own-attempt.ts';

/** POST /job/evidence?jobid=N[&attempt=K]: how to repeat an attempt, from the worker that makes it. The last one counts. */
export async function postJobEvidence(request: ApiRequest, context: Context): Promise<Reply> {
  const evidence = parseEvidence(await request.body(EVIDENCE_LIMIT));
  const { job, attempt } = ownAttempt(request, context);
  renewOwnLease(request, context);
  const path = evidencePath(context.store.run.path, job.jobId, attempt.number);
  await writeEvidenceFile(path, redact(evidence));
  return { status: 200, type: JSON_TYPE, body: pythonJson({ status: 'stored' }) };
}

/** GET /job/evidence?jobid=N[&attempt=K][&run=M]; without an attempt: the last one. */
export async function getJobEvidence(request: ApiRequest, context: Context): Promise<Reply> {
  const { path, view } = await askedRun(request, context);
  const { job } = findJobIn(request, view);
  const attempt = findAttempt(request, job.attempts);
  const evidence = await readEvidenceFile(evidencePath(path, job.jobId, attempt.number));
  if (evidence === null) {
    throw new HttpError(404, `Attempt ${attempt.number} of job ${job.jobId} has left no evidence`, {
      code: 'EVIDENCE_NOT_FOUND',
      hint: 'Workers send it when nodeos starts, and at the end; older versions send none.',
    });
  }
  return { status: 200, type: JSON_TYPE, body: pythonJson(evidence) };
}
