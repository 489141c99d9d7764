import { header, operation, query, type Paths } from '../operation.ts';
import { STRING } from '../../../protocol/schemas/schema.ts';

/** The service itself. */
export const SERVICE_PATHS: Paths = {
  '/healthcheck': {
    get: operation({
      id: 'getHealth',
      tag: 'service',
      summary: 'Whether the orchestrator answers',
      right: null,
      answers: { 'text/plain': STRING },
    }),
  },
  '/metrics': {
    get: operation({
      id: 'getMetrics',
      tag: 'service',
      summary: 'The run and the service in the Prometheus text format 0.0.4',
      right: 'read',
      added: true,
      answers: { 'text/plain': STRING },
    }),
  },
  '/replay': {
    get: operation({
      id: 'getProgram',
      tag: 'service',
      summary: 'The file of this program; a join token will do',
      right: 'work',
      added: true,
      parameters: [
        header('Range', 'One range of bytes, for a download that goes on.'),
        header('If-Range', 'The ETag that the part before had.'),
      ],
      answers: { 'application/octet-stream': STRING },
      headers: { ETag: { description: 'The SHA-256 of the file, in quotes.', schema: STRING } },
      others: {
        206: { description: 'The range.', content: { 'application/octet-stream': { schema: STRING } } },
      },
      errors: { 404: 'this orchestrator runs from source', 416: 'the range lies outside of the file' },
    }),
  },
  '/openapi.json': {
    get: operation({
      id: 'getOpenApi',
      tag: 'service',
      summary: 'This document',
      right: 'read',
      added: true,
      answers: { 'application/json': { type: 'object' } },
    }),
  },
};

/** How a browser gets its cookie; not there on an orchestrator that runs open. */
export const SIGN_IN_PATHS: Paths = {
  '/signin': {
    get: operation({
      id: 'showSignIn',
      tag: 'access',
      summary: 'The form for a token',
      right: null,
      parameters: [query('next', 'The path to go to afterwards.', STRING)],
      answers: { 'text/html': STRING },
    }),
    post: operation({
      id: 'signIn',
      tag: 'access',
      summary: 'Gives a browser a cookie for a token',
      right: null,
      body: {
        content: {
          'application/x-www-form-urlencoded': {
            type: 'object',
            required: ['token'],
            properties: { token: STRING, next: STRING },
          },
        },
      },
      others: {
        303: { description: 'To the page that was asked for, with a cookie.' },
        401: { description: 'The token is not right.', content: { 'text/html': { schema: STRING } } },
        429: {
          description: 'Too many wrong tokens from this address.',
          content: { 'text/html': { schema: STRING } },
        },
      },
      errors: { 403: 'a page of another site asks' },
    }),
  },
  '/signout': {
    post: operation({
      id: 'signOut',
      tag: 'access',
      summary: 'Ends the session of a browser',
      right: null,
      others: { 303: { description: 'To the form for a token.' } },
      errors: { 403: 'a page of another site asks' },
    }),
  },
};
