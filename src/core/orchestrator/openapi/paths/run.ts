import { EVENT_STREAM_TYPE } from '../../../protocol/events/server-event.ts';
import { header, json, operation, type Paths, query, RUN, WORKER } from '../operation.ts';
import {
  described,
  INTEGER,
  list,
  oneOf,
  ref,
  STRING,
  type Schema,
} from '../../../protocol/schemas/schema.ts';

const SLICE_ID = query('sliceid', 'Position of the slice in the manifest, from 1.', INTEGER, true);

/** What the data of an event is. */
const EVENT_DATA: Schema = { anyOf: [ref('Hello'), ref('FullJob'), ref('Summary'), ref('HostsEvent')] };

/** The run as a whole, and what its slices are expected to arrive at. */
export const RUN_PATHS: Paths = {
  '/summary': {
    get: operation({
      id: 'getSummary',
      tag: 'run',
      summary: 'The numbers of the run',
      right: 'read',
      parameters: [RUN],
      answers: { 'text/plain': STRING, 'application/json': ref('Summary'), 'text/html': STRING },
      errors: { 404: 'no such run' },
    }),
  },
  '/runs': {
    get: operation({
      id: 'getRuns',
      tag: 'run',
      summary: 'All runs of the data directory, the oldest first, the current one last',
      right: 'read',
      added: true,
      answers: { 'application/json': list(ref('Run')), 'text/html': STRING },
    }),
  },
  '/session': {
    get: operation({
      id: 'getSession',
      tag: 'run',
      summary: 'Who asks, and what that caller may do',
      right: 'read',
      added: true,
      answers: json(ref('Session')),
    }),
  },
  '/history': {
    get: operation({
      id: 'getHistory',
      tag: 'run',
      summary: 'The course of the run in columns, for plots; null where nothing was recorded',
      right: 'read',
      added: true,
      parameters: [RUN],
      answers: json(ref('History')),
      errors: { 404: 'no such run' },
    }),
  },
  '/config': {
    get: operation({
      id: 'getConfig',
      tag: 'run',
      summary: 'A slice as the manifest has it',
      right: 'read',
      parameters: [SLICE_ID],
      answers: { 'application/json': ref('Config'), 'text/html': STRING },
      errors: { 404: 'no such slice' },
      missingPage: true,
    }),
    post: operation({
      id: 'reportHash',
      tag: 'run',
      summary: 'The snapshot at a block has this hash: the slice that ends there must arrive at it',
      right: 'work',
      parameters: [WORKER],
      body: {
        content: {
          'application/json': {
            type: 'object',
            required: ['end_block_num'],
            properties: {
              end_block_num: { anyOf: [INTEGER, { type: 'string', pattern: '^\\d{1,15}$' }] },
              integrity_hash: described(STRING, '64 hex digits.'),
              expected_integrity_hash: described(STRING, 'Another name of integrity_hash.'),
              leap_version: described(STRING, 'Chooses between slices of different versions.'),
              spring_version: STRING,
            },
          },
        },
      },
      answers: {
        'application/json': {
          type: 'object',
          required: ['sliceid', 'message'],
          properties: { sliceid: INTEGER, message: STRING },
        },
      },
      errors: { 404: 'no slice ends at that block' },
    }),
  },
  '/events': {
    get: operation({
      id: 'getEvents',
      tag: 'run',
      summary: 'Server-sent events: every change of a job, the numbers of the run, and how the hosts change',
      description:
        'Events: `hello` with a Hello, `job` with a FullJob, `summary` with a Summary, `hosts` with a HostsEvent. The stream goes on behind Last-Event-ID.',
      right: 'read',
      added: true,
      parameters: [
        query('jobid', 'Only changes of this job.', INTEGER),
        query('hosts', '1: also how the hosts change.', oneOf(['1'])),
        query('lastEventId', 'As Last-Event-ID, for those who cannot send headers.', STRING),
        header('Last-Event-ID', 'The id of the last event that was seen.'),
      ],
      answers: { [EVENT_STREAM_TYPE]: { ...STRING, contentSchema: EVENT_DATA } },
      errors: { 404: 'no such job', 503: 'too many are reading already' },
    }),
  },
};
