import { EVENT_STREAM_TYPE } from '../../../protocol/events/server-event.ts';
import { FULL_RECORD_TYPE } from '../../../protocol/full-record.ts';
import { done, ETAG, header, json, operation, type Paths, query, RUN, WORKER } from '../operation.ts';
import { INTEGER, list, ref, STRING, type Schema } from '../../../protocol/schemas/schema.ts';

const JOB_ID = query('jobid', 'Number of the job.', INTEGER);
const REQUIRED_JOB_ID = query('jobid', 'Number of the job.', INTEGER, true);
const ATTEMPT = query('attempt', 'Number of the attempt, from 1. Without it the last one.', INTEGER);

/** What the data of an event is. */
const LOG_EVENT_DATA: Schema = { anyOf: [ref('LogLines'), ref('LogEnd')] };

const TEXT: Record<string, Schema> = { 'text/plain': STRING };
const PAGE: Record<string, Schema> = { 'text/html': STRING };

/** A job, and the log of its attempts. */
export const JOB_PATHS: Paths = {
  '/jobs': {
    get: operation({
      id: 'getJobs',
      tag: 'jobs',
      summary: 'All jobs in short: the columns once, and the values of each job',
      right: 'read',
      added: true,
      parameters: [RUN],
      answers: { 'application/json': ref('JobTable'), ...PAGE },
      errors: { 404: 'no such run' },
    }),
  },
  '/job': {
    get: operation({
      id: 'getJob',
      tag: 'jobs',
      summary: 'A job that waits, reserved for the caller for a few seconds, or the one with a number',
      description:
        'Without a parameter: 301 to /job?nextjob. Accept decides the form; text/plain and */* get text. The right `work` is for nextjob; with jobid `read` is enough.',
      right: 'work',
      parameters: [
        query('nextjob', 'The next job that waits, with or without a value.', STRING),
        JOB_ID,
        RUN,
        WORKER,
      ],
      answers: { ...TEXT, 'application/json': ref('Job'), [FULL_RECORD_TYPE]: ref('FullJob'), ...PAGE },
      headers: ETAG,
      others: { 301: { description: 'To /job?nextjob.' } },
      errors: {
        403: 'the right is missing, or the host is set aside',
        404: 'no such job, none that waits, or the worker holds one already',
      },
      missingPage: true,
    }),
    post: operation({
      id: 'updateJob',
      tag: 'jobs',
      summary: 'Changes a job; 200 means that the change is on disk',
      description:
        'The version that the caller has read is named in If-Match, or in a request header ETag as older clients do. To put back a job that has ended, or to speak for the worker that holds it, takes the right `admin`.',
      right: 'work',
      parameters: [
        REQUIRED_JOB_ID,
        header('If-Match', 'The version of the job that was read; quotes are optional.'),
        header('ETag', 'The same, as older clients send it.'),
        WORKER,
      ],
      body: { content: json(ref('JobUpdate')) },
      answers: json(done('updated')),
      headers: ETAG,
      errors: {
        400: 'the version in ETag is missing or stale, or a field is wrong; the message names it',
        404: 'no jobid, or no such job',
        409: 'the state of the job does not allow it, or another worker holds it',
        412: 'the version in If-Match is stale',
      },
    }),
  },
  '/status': {
    get: operation({
      id: 'getStatus',
      tag: 'jobs',
      summary: 'All jobs, or those of one slice, always as a list',
      right: 'read',
      parameters: [query('sliceid', 'Position of the slice in the manifest, from 1.', INTEGER), RUN],
      answers: {
        ...TEXT,
        'application/json': list(ref('Job')),
        [FULL_RECORD_TYPE]: list(ref('FullJob')),
        ...PAGE,
      },
      errors: { 404: 'no such slice or run' },
      missingPage: true,
    }),
  },
  '/job/rates': {
    get: operation({
      id: 'getJobRates',
      tag: 'jobs',
      summary: 'How fast the last attempt at a job was, for a plot',
      right: 'read',
      added: true,
      parameters: [REQUIRED_JOB_ID],
      answers: json(ref('JobRates')),
      errors: { 404: 'no such job' },
    }),
  },
  '/job/log': {
    get: operation({
      id: 'getJobLog',
      tag: 'jobs',
      summary: 'The last log lines of an attempt',
      description:
        'With follow: server-sent events `lines`, with the number of the line after them as id, until the attempt is over, and then `end`. The stream goes on at Last-Event-ID.',
      right: 'read',
      added: true,
      parameters: [
        REQUIRED_JOB_ID,
        ATTEMPT,
        RUN,
        query(
          'follow',
          'A stream of what there is and what comes, with or without a value. Not with run.',
          STRING,
        ),
        query('lastEventId', 'As Last-Event-ID, for those who cannot send headers.', STRING),
        header('Last-Event-ID', 'With follow: number of the first line that is wanted.'),
      ],
      answers: { ...TEXT, [EVENT_STREAM_TYPE]: { ...STRING, contentSchema: LOG_EVENT_DATA } },
      errors: {
        400: 'with follow: a past run',
        404: 'no such job or attempt, or it left no log',
        503: 'with follow: too many are reading already',
      },
    }),
    post: operation({
      id: 'putJobLog',
      tag: 'jobs',
      summary: 'The last log lines of an attempt, or those that came since, from the worker that made it',
      right: 'work',
      added: true,
      parameters: [
        REQUIRED_JOB_ID,
        ATTEMPT,
        query('from', 'The body is a part of a log that grows, and begins at this line, from 0.', INTEGER),
        query('skipped', 'With from: so many lines right before are wanted and not kept.', INTEGER),
        query('last', 'With from: nothing follows.', STRING),
        WORKER,
      ],
      body: { content: TEXT },
      answers: json(ref('LogAnswer')),
      errors: {
        403: 'the right is missing, or the attempt was made by another worker',
        404: 'no such job or attempt',
        409: 'with from: the attempt is over',
      },
    }),
  },
};
