/** Reports of runs over HTTP, as the command line makes them. */
import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { hash } from '../domain/builders.ts';
import { guarded } from './access/scene.ts';
import { chain, claim, complete, JSON_ONLY, serve, type Running } from './harness.ts';

/** A run whose second slice failed, and after it one that arrives at another hash in the first. */
async function twoRuns(): Promise<Running> {
  const first = await serve(chain(2));
  await complete(first, 'host-1', hash('a1'));
  const { jobId, etag } = await claim(first, 'host-1');
  await first.post(
    `/job?jobid=${jobId}`,
    { status: 'ERROR', error_message: '<b>it broke' },
    { 'X-Replay-Worker': 'host-1', 'If-Match': etag },
  );
  await writeFile(
    first.manifestPath,
    JSON.stringify(chain(2).map((slice) => ({ ...slice, leap_version: '5.0.3' }))),
  );
  const server = await first.restart();
  await complete(server, 'host-2', hash('b2'));
  return server;
}

describe('GET /report', () => {
  test.each([
    ['text', 'text/plain', 'txt', /1 failed|failed/u],
    ['json', 'application/json', 'json', /"run_id": 1/u],
    ['html', 'text/html', 'html', /<!doctype html>/iu],
    ['markdown', 'text/markdown', 'md', /^#/mu],
    ['junit', 'application/xml', 'xml', /<testsuite/u],
    ['csv', 'text/csv', 'csv', /^slice|^job|,/mu],
  ])('is a file to keep in the form %s', async (format, type, ending, content) => {
    const server = await twoRuns();
    const answer = await server.get(`/report?run=1&format=${format}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="replay-run-1.${ending}"`);
    expect(answer.text).toMatch(content);
    expect(answer.text).not.toContain(format === 'html' ? '<b>it' : 'nothing');
  });

  test('is that of the current run, as a page, unless something else is asked for', async () => {
    const server = await twoRuns();
    const { headers, text } = await server.get('/report');
    expect(headers.get('content-disposition')).toContain('replay-run-2.html');
    expect(text).toMatch(/<!doctype html>/iu);
  });

  test('is refused in a form, or of a run, that there is not', async () => {
    const server = await twoRuns();
    const form = await server.get('/report?format=exe', JSON_ONLY);
    expect([form.status, form.json()]).toMatchObject([400, { error: { code: 'FORMAT_UNKNOWN' } }]);
    expect((await server.get('/report?run=9', JSON_ONLY)).status).toBe(404);
  });

  test('asks for the right to read', async () => {
    const { server } = await guarded();
    for (const path of ['/report', '/runs/compare?a=1&b=2']) {
      expect((await server.get(path, JSON_ONLY)).status).toBe(401);
    }
  });
});

describe('GET /runs/compare', () => {
  test('puts a past run and the current one side by side', async () => {
    const server = await twoRuns();
    const compared = await server.get('/runs/compare?a=1&b=2', JSON_ONLY);
    expect(compared.status).toBe(200);
    expect(compared.json()).toMatchObject({
      outcome: 'different',
      a: { run_id: 1, requested_versions: ['5.0.2'] },
      b: { run_id: 2, requested_versions: ['5.0.3'] },
      totals: { slices: 2, hash_differs: 1 },
      slices: [{ difference: 'hash', a: { actual_integrity_hash: hash('a1') } }, { difference: 'unknown' }],
    });
  });

  test.each(['', '?a=1', '?a=1&b=1'])('needs two runs, and not %j', async (query) => {
    const server = await serve(chain(1));
    const answer = await server.get(`/runs/compare${query}`, JSON_ONLY);
    expect([answer.status, answer.json()]).toMatchObject([400, { error: { code: 'RUN_MISSING' } }]);
  });

  test.each(['a=1&b=7', 'a=x&b=1'])('is 404 when one of them is not there: %s', async (query) => {
    const server = await serve(chain(1));
    expect((await server.get(`/runs/compare?${query}`, JSON_ONLY)).status).toBe(404);
  });

  test('is a page to a browser', async () => {
    const server = await serve(chain(1));
    const { text, headers } = await server.get('/runs/compare?a=1&b=2', { Accept: 'text/html' });
    expect(text).toContain('<!doctype html>');
    expect(headers.get('content-type')).toContain('text/html');
  });
});
