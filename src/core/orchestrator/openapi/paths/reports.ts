import { operation, query, RUN, type Paths } from '../operation.ts';
import { INTEGER, oneOf, ref, STRING } from '../../../protocol/schemas/schema.ts';
import { REPORT_FORMATS } from '../../reports/reports.ts';

/** Runs told for people and for other programs. */
export const REPORT_PATHS: Paths = {
  '/report': {
    get: operation({
      id: 'getReport',
      tag: 'run',
      summary: 'The final report of a run as a file, as replay report makes it',
      right: 'read',
      added: true,
      parameters: [RUN, query('format', 'html unless given.', oneOf(REPORT_FORMATS))],
      answers: {
        'text/html': STRING,
        'text/plain': STRING,
        'application/json': { type: 'object' },
        'text/markdown': STRING,
        'application/xml': STRING,
        'text/csv': STRING,
      },
      errors: { 400: 'there is no such form', 404: 'no such run' },
    }),
  },
  '/runs/compare': {
    get: operation({
      id: 'compareRuns',
      tag: 'run',
      summary: 'Two runs side by side, slice by slice',
      right: 'read',
      added: true,
      parameters: [
        query('a', 'Number of the run to compare with.', INTEGER, true),
        query('b', 'Number of the run that is compared.', INTEGER, true),
      ],
      answers: { 'application/json': ref('Comparison'), 'text/html': STRING },
      errors: { 400: 'two different runs have to be named', 404: 'no such run' },
    }),
  },
};
