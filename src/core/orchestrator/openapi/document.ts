import { cookieName } from '../access/cookie.ts';
import type { Paths } from './operation.ts';
import { EVIDENCE_PATHS } from './paths/evidence.ts';
import { CONTROL_PATHS } from './paths/control.ts';
import { FLEET_PATHS } from './paths/fleet.ts';
import { HOST_PATHS } from './paths/hosts.ts';
import { JOIN_PATHS } from './paths/join.ts';
import { JOB_PATHS } from './paths/jobs.ts';
import { REPORT_PATHS } from './paths/reports.ts';
import { RUN_PATHS } from './paths/run.ts';
import { SERVICE_PATHS, SIGN_IN_PATHS } from './paths/service.ts';
import type { Schemas } from '../../protocol/schemas/schema.ts';
import { SCHEMAS } from '../../protocol/schemas/schemas.ts';

/** The paths of the orchestrator; a route without an entry here fails a test. */
const PATHS: Paths = {
  ...JOB_PATHS,
  ...EVIDENCE_PATHS,
  ...RUN_PATHS,
  ...HOST_PATHS,
  ...FLEET_PATHS,
  ...REPORT_PATHS,
  ...CONTROL_PATHS,
  ...SERVICE_PATHS,
};

export interface OpenApiDocument {
  openapi: string;
  info: object;
  paths: Paths;
  components: { schemas: Schemas; securitySchemes: object };
}

/**
 * The HTTP interface as OpenAPI 3.1.
 *
 * @param version of this program
 * @param port of this orchestrator, after which its cookie is named
 */
export function openApiDocument(version: string, port: number): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'replay',
      version,
      description:
        'The orchestrator of `replay serve`. GET is answered to HEAD too, without the body. Objects may get further fields in later versions. docs/protocol.md says what it all means.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths: { ...PATHS, ...JOIN_PATHS, ...SIGN_IN_PATHS },
    components: {
      schemas: SCHEMAS,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        basic: { type: 'http', scheme: 'basic', description: 'Any user; the token is the password.' },
        cookie: { type: 'apiKey', in: 'cookie', name: cookieName(port) },
      },
    },
  };
}
