import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { requiredRight } from '../../../src/core/orchestrator/access/required-right.ts';
import { joinRoutes } from '../../../src/core/orchestrator/access/join-routes.ts';
import { signInRoutes } from '../../../src/core/orchestrator/access/sign-in-routes.ts';
import type { Operation } from '../../../src/core/orchestrator/openapi/operation.ts';
import { reportRoutes } from '../../../src/core/orchestrator/reports/routes.ts';
import { routesOf } from '../../../src/core/orchestrator/routes/routes.ts';
import { chain, claim, complete, FULL, hashOf, JSON_ONLY, serve } from './harness.ts';
import { DOCUMENT, nonConformance } from './openapi-conformance.ts';

const OPERATIONS: [name: string, path: string, operation: Operation][] = Object.entries(
  DOCUMENT.paths,
).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]): [string, string, Operation] => [
    `${method.toUpperCase()} ${path}`,
    path,
    operation as Operation,
  ]),
);

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(DOCUMENT) as never);
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  test('has every method of every route, and no others', () => {
    const routes = [
      ...routesOf({} as never),
      ...reportRoutes(() => ({}) as never, {} as never),
      ...signInRoutes({} as never),
      ...joinRoutes(null),
    ];
    const there = routes.flatMap((route) =>
      (['GET', 'POST'] as const).filter((method) => route[method]).map((method) => `${method} ${route.path}`),
    );
    expect(OPERATIONS.map(([name]) => name).toSorted()).toEqual(there.toSorted());
  });

  test.each(OPERATIONS)('%s asks for the right that is needed', (name, path, operation) => {
    const [method = ''] = name.split(' ');
    expect(operation['x-required-right']).toBe(requiredRight(path, method, new URLSearchParams()));
    expect(operation.security.length > 0).toBe(operation['x-required-right'] !== null);
  });

  test('has a name of its own for every operation', () => {
    const names = OPERATIONS.map(([, , { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  test('refers to schemas that are there, and has none that nobody refers to', () => {
    const text = JSON.stringify(DOCUMENT);
    const used = new Set(
      Array.from(text.matchAll(/#\/components\/schemas\/(\w+)/gu), ([, name = '']) => name),
    );
    expect([...used].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
      Object.keys(DOCUMENT.components.schemas).toSorted((a, b) => (a < b ? -1 : 1)),
    );
  });

  test('is answered to those who ask', async () => {
    const server = await serve(chain(1), { version: '4.5.6' });
    const answer = await server.get('/openapi.json');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.json()).toMatchObject({ openapi: '3.1.0', info: { version: '4.5.6' } });
  });
});

/** The harness holds every answer of every test against the document; here is what it would do. */
describe('an answer', () => {
  test('of a run with everything in it is as the document says', async () => {
    const server = await serve(chain(4));
    await complete(server, 'a', hashOf('a'));
    const { jobId } = await claim(server, 'b');
    await server.post('/host/report', { hostname: 'b', price_per_hour: 0.2 }, { 'X-Replay-Worker': 'b' });
    await server.post('/config', { end_block_num: 1100, integrity_hash: hashOf('b') });
    for (const path of ['/summary', '/status', '/hosts', '/config?sliceid=1', '/job/log?jobid=1']) {
      for (const accept of [JSON_ONLY, FULL, { Accept: 'text/html' }, {}]) await server.get(path, accept);
    }
    expect((await server.get(`/job?jobid=${jobId}`, FULL)).status).toBe(200);
    expect((await server.get('/job')).status).toBe(301);
  });

  test.each([
    ['a status that is not there', { status: 418, type: 'text/plain', text: '' }, /no answer 418/u],
    ['another media type', { status: 200, type: 'image/png', text: '' }, /no image\/png/u],
    [
      'a field too many',
      { status: 200, type: 'application/json', text: '{"set_aside": true, "x": 1}' },
      /additional/u,
    ],
    [
      'a field of another type',
      { status: 200, type: 'application/json', text: '{"set_aside": 1}' },
      /boolean/u,
    ],
  ])('with %s is found out', (_, got, problem) => {
    expect(nonConformance('POST', '/host/clear?worker=a', got)).toMatch(problem);
  });
});
