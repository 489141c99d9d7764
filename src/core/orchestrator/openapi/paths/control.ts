import { json, operation, type Paths, query } from '../operation.ts';
import { BOOLEAN, described, INTEGER, list, ref, STRING } from '../../../protocol/schemas/schema.ts';

/** What a person decides about the run as a whole. */
export const CONTROL_PATHS: Paths = {
  '/jobs/retry': {
    post: operation({
      id: 'retryJobs',
      tag: 'jobs',
      summary: 'Another run of all jobs that have failed, or of those that are named',
      right: 'admin',
      added: true,
      body: {
        content: {
          'application/json': {
            type: 'object',
            properties: {
              failed: described(BOOLEAN, 'All jobs in ERROR, TIMEOUT and HASH_MISMATCH.'),
              job_ids: described(list(INTEGER), 'In the place of failed.'),
              force: described(BOOLEAN, 'With job_ids: also take a job from the host that is at work on it.'),
            },
          },
        },
      },
      answers: {
        'application/json': {
          type: 'object',
          required: ['jobs'],
          properties: { jobs: list(ref('JobOutcome')) },
        },
      },
    }),
  },
  '/run': {
    post: operation({
      id: 'beginRun',
      tag: 'run',
      summary: 'Begins another run in the place of the current one, which is kept',
      description: 'The same request sent again begins no other run, and is answered as before.',
      right: 'admin',
      added: true,
      body: { content: json(ref('BeginRun')) },
      answers: json(ref('BegunRun')),
      errors: {
        400: 'the body, or the manifest, is not what it should be; nothing was begun',
        409: 'another run is the current one; or hosts hold jobs, and force was not said',
      },
    }),
  },
  '/manifest/check': {
    post: operation({
      id: 'checkManifest',
      tag: 'run',
      summary: 'What is wrong with a manifest, or what would become of a run with it; nothing changes',
      right: 'admin',
      added: true,
      parameters: [
        query('current', 'That of the current run, in the place of the body.', STRING),
        query('folder', 'As manifest_folder of POST /run.', STRING),
        query('nodeos_version', 'As that of POST /run.', STRING),
        query('nodeos_option', 'One of the nodeos_options of POST /run; may come several times.', STRING),
      ],
      body: {
        description: 'The text of the manifest, of at most 16 MiB.',
        content: {
          'application/json': described(list({}), 'What is wrong with it is what the answer says.'),
        },
      },
      answers: json(ref('ManifestCheck')),
      errors: { 409: 'the manifest of the current run is gone' },
    }),
  },
  '/run/pause': {
    post: operation({
      id: 'pauseRun',
      tag: 'run',
      summary: 'No job is handed out until the run is resumed; jobs that are held go on',
      right: 'admin',
      added: true,
      body: {
        description: 'May be empty.',
        content: {
          'application/json': {
            type: 'object',
            properties: { reason: described(STRING, 'For people; cut at 500 characters.') },
          },
        },
      },
      answers: json(ref('PauseAnswer')),
    }),
  },
  '/run/resume': {
    post: operation({
      id: 'resumeRun',
      tag: 'run',
      summary: 'Jobs are handed out again',
      right: 'admin',
      added: true,
      answers: json(ref('PauseAnswer')),
      errors: { 503: 'the change could not be written' },
    }),
  },
};
