import { operation, type Paths } from '../operation.ts';
import { described, ref, STRING } from '../schema.ts';

/** What a person decides about the run as a whole. */
export const CONTROL_PATHS: Paths = {
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
      answers: { 'application/json': ref('PauseAnswer') },
    }),
  },
  '/run/resume': {
    post: operation({
      id: 'resumeRun',
      tag: 'run',
      summary: 'Jobs are handed out again',
      right: 'admin',
      added: true,
      answers: { 'application/json': ref('PauseAnswer') },
      errors: { 503: 'the change could not be written' },
    }),
  },
};
