import { json, operation, type Paths } from '../operation.ts';
import { INTEGER, ref, STRING } from '../../../protocol/schemas/schema.ts';

/** How a host gets a token of its own. */
export const JOIN_PATHS: Paths = {
  '/join': {
    post: operation({
      id: 'join',
      tag: 'access',
      summary: 'Gives a host a token of its own for a join token',
      description: 'The same nonce gets the same token. null: none is needed, or the one at hand will do.',
      right: 'work',
      added: true,
      body: {
        content: {
          'application/json': {
            type: 'object',
            required: ['nonce'],
            properties: { nonce: { type: 'string', pattern: '^[A-Za-z0-9_-]{32,200}$' }, name: STRING },
          },
        },
      },
      answers: json(ref('JoinAnswer')),
      errors: { 403: 'the right is missing, or as many hosts have joined as the token is for' },
    }),
  },
  '/tokens/join': {
    post: operation({
      id: 'createJoinToken',
      tag: 'access',
      summary: 'Makes a token that hosts exchange for tokens of their own',
      right: 'admin',
      added: true,
      body: {
        content: {
          'application/json': {
            type: 'object',
            properties: {
              name: STRING,
              uses: INTEGER,
              valid_seconds: INTEGER,
              worker_valid_seconds: INTEGER,
            },
          },
        },
      },
      answers: json(ref('JoinTokenAnswer')),
    }),
  },
};
