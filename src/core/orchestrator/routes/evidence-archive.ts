import { archiveName, evidenceArchive } from '../../evidence/archive.ts';
import type { EvidenceOfJob } from '../../evidence/evidence.ts';
import type { Attempt, Job } from '../../domain/job.ts';
import { toFullRecord } from '../../protocol/to-full-record.ts';
import { evidencePath, readEvidenceFile } from '../../runs/evidence-file.ts';
import type { Context } from '../context.ts';
import type { Reply } from '../http/reply.ts';
import type { ApiRequest } from '../http/request.ts';
import { askedRun, type AskedRun } from './asked-run.ts';
import { findJobIn } from './get-job.ts';
import { findAttempt } from './find-attempt.ts';
import { textOf } from './job-log.ts';

/** GET /job/evidence.tar.zst?jobid=N[&attempt=K][&run=M]: what `replay jobs evidence` packs, packed here. */
export async function getEvidenceArchive(request: ApiRequest, context: Context): Promise<Reply> {
  const run = await askedRun(request, context);
  const { job } = findJobIn(request, run.view);
  const input = await evidenceOf(job, findAttempt(request, job.attempts), run, context);
  return {
    status: 200,
    type: 'application/zstd',
    body: await evidenceArchive(input),
    headers: { 'Content-Disposition': `attachment; filename="${archiveName(input)}.tar.zst"` },
  };
}

async function evidenceOf(
  job: Job,
  attempt: Attempt,
  run: AskedRun,
  context: Context,
): Promise<EvidenceOfJob> {
  const { path, view, records } = run;
  const { jobId, slice } = job;
  const jobsAt = (block: number, isWanted: (other: Job) => boolean) =>
    view
      .at(block)
      .filter((stored) => isWanted(stored.job))
      .map((stored) => toFullRecord(stored.job, records));
  const read = await Promise.all(
    job.attempts.map(async ({ number }) => ({
      number,
      log: await textOf(context, path, { jobId, attempt: number }),
      evidence: await readEvidenceFile(evidencePath(path, jobId, number)),
    })),
  );
  return {
    job: toFullRecord(job, records),
    attempt: attempt.number,
    run: run.summary(),
    before: jobsAt(slice.startBlock, (other) => other.slice.endBlock === slice.startBlock),
    after: jobsAt(slice.endBlock, (other) => other.slice.startBlock === slice.endBlock),
    logs: new Map(read.flatMap(({ number, log }) => (log === null ? [] : [[number, log]]))),
    evidence: new Map(
      read.flatMap(({ number, evidence }) => (evidence === null ? [] : [[number, evidence]])),
    ),
  };
}
