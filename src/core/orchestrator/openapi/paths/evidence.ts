import { done, json, operation, type Paths, query, RUN, WORKER } from '../operation.ts';
import { INTEGER, ref, STRING } from '../../../protocol/schemas/schema.ts';

const JOB_ID = query('jobid', 'Number of the job.', INTEGER, true);
const ATTEMPT = query('attempt', 'Number of the attempt, from 1. Without it the last one.', INTEGER);

/** What is needed to repeat an attempt. */
export const EVIDENCE_PATHS: Paths = {
  '/job/evidence': {
    get: operation({
      id: 'getJobEvidence',
      tag: 'jobs',
      summary: 'How to repeat an attempt, as its worker told it',
      right: 'read',
      added: true,
      parameters: [JOB_ID, ATTEMPT, RUN],
      answers: json(ref('AttemptEvidence')),
      errors: { 404: 'no such job, attempt or run, or its worker told nothing' },
    }),
    post: operation({
      id: 'putJobEvidence',
      tag: 'jobs',
      summary: 'How to repeat an attempt, from the worker that makes it; the newest counts',
      description: 'Fields that are missing or of another type are as null, or empty.',
      right: 'work',
      added: true,
      parameters: [JOB_ID, ATTEMPT, WORKER],
      body: { content: json(ref('AttemptEvidence')) },
      answers: json(done('stored')),
      errors: {
        403: 'the right is missing, or the attempt was made by another worker',
        404: 'no such job or attempt',
      },
    }),
  },
  '/job/evidence.tar.zst': {
    get: operation({
      id: 'getJobEvidenceArchive',
      tag: 'jobs',
      summary: 'A tar archive, compressed with zstd, with all that is needed to reproduce what happened',
      right: 'read',
      added: true,
      parameters: [JOB_ID, ATTEMPT, RUN],
      answers: { 'application/zstd': STRING },
      errors: { 404: 'no such job, attempt or run' },
    }),
  },
};
