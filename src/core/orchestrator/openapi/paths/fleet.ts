import { json, operation, type Paths, query } from '../operation.ts';
import {
  BOOLEAN,
  described,
  INTEGER,
  list,
  ref,
  STRING,
  type Schema,
} from '../../../protocol/schemas/schema.ts';

const DRY_RUN: Schema = described(
  BOOLEAN,
  'Ask whether it may be done, say what would be done, and do nothing.',
);
const TOKEN: Schema = described(
  { type: 'string', pattern: '^[\\w-]{8,64}$' },
  'Chosen by the caller, anew for each request; without dry_run it has to be there. A request that comes again with it is answered as before, and not done again.',
);
const UNDER_WAY = {
  202: {
    description: 'It takes longer; the same request again answers with what became of it.',
    content: { 'application/json': { schema: ref('FleetUnderWay') } },
  },
};
const ERRORS = {
  404: 'this orchestrator knows no fleet',
  409: 'the limits of the fleet leave no room; or the token was used for something else, or by a request that was cut off',
  502: 'the place that the hosts come from refuses, or gives no answer',
};

/** The hosts that are launched and stopped from here. */
export const FLEET_PATHS: Paths = {
  '/forecast': {
    get: operation({
      id: 'getForecast',
      tag: 'hosts',
      summary: 'What more hosts would do for the run',
      right: 'read',
      added: true,
      parameters: [
        query('boot_seconds', 'Until a host that is launched now takes a job.', INTEGER, true),
        query('hosts', 'How many are launched, 0 to 1000; as many as are of use unless it is said.', INTEGER),
        query(
          'arriving',
          'Seconds until each of the hosts is there that were launched and not heard from, with commas in between.',
          STRING,
        ),
      ],
      answers: json(ref('Forecast')),
      errors: { 400: 'a parameter is no number, or too large', 404: 'too few slices were replayed to tell' },
    }),
  },
  '/fleet': {
    get: operation({
      id: 'getFleet',
      tag: 'hosts',
      summary: 'The hosts of the fleet, as their place told them at most some seconds ago',
      right: 'read',
      added: true,
      answers: json(ref('Fleet')),
      errors: { 404: ERRORS[404] },
    }),
  },
  '/fleet/turn': {
    post: operation({
      id: 'askForLaunchTurn',
      tag: 'hosts',
      summary:
        'Asks for the turn to launch hosts of a fleet, so that no two do it for one need and one budget',
      right: 'admin',
      added: true,
      body: { content: json(ref('LaunchTurnRequest')) },
      answers: json(ref('LaunchTurnAnswer')),
    }),
  },
  '/fleet/up': {
    post: operation({
      id: 'launchHosts',
      tag: 'hosts',
      summary: 'Launches hosts of the fleet',
      right: 'admin',
      added: true,
      body: {
        content: {
          'application/json': {
            type: 'object',
            required: ['count'],
            properties: {
              count: { anyOf: [INTEGER, { const: 'auto' }], description: '1 to 1000, or "auto".' },
              dry_run: DRY_RUN,
              token: TOKEN,
            },
          },
        },
      },
      answers: json(ref('FleetUp')),
      others: UNDER_WAY,
      errors: ERRORS,
    }),
  },
  '/fleet/down': {
    post: operation({
      id: 'stopHosts',
      tag: 'hosts',
      summary: 'Stops hosts of the fleet for good',
      right: 'admin',
      added: true,
      body: {
        content: {
          'application/json': {
            type: 'object',
            properties: {
              ids: list(STRING),
              idle: described(BOOLEAN, 'In the place of ids: hosts without a job.'),
              all: described(BOOLEAN, 'In the place of ids.'),
              dry_run: DRY_RUN,
              token: TOKEN,
            },
          },
        },
      },
      answers: json(ref('FleetDown')),
      others: UNDER_WAY,
      errors: ERRORS,
    }),
  },
};
