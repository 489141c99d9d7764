import { describe, expect, test } from 'vitest';
import { FULL, JSON_ONLY, chain, claim, serve } from './harness.ts';

describe('GET /job', () => {
  test('alone is sent on to the next job', async () => {
    const server = await serve(chain(1));
    const answer = await server.get('/job');
    expect([answer.status, answer.headers.get('location')]).toEqual([301, '/job?nextjob']);
  });

  test.each(['/job?nextjob', '/job?nextjob=1', '/job?nextjob=true'])(
    '%s offers the first job',
    async (path) => {
      const server = await serve(chain(2));
      const answer = await server.get(path, JSON_ONLY);
      expect(answer.status).toBe(200);
      expect(answer.json()).toMatchObject({ job_id: 1 });
    },
  );

  test.each(['/job?jobid=3', '/job?jobid=0', '/job?jobid=-1', '/job?jobid=x', '/job?jobid='])(
    '%s is 404',
    async (path) => {
      const server = await serve(chain(2));
      const answer = await server.get(path, JSON_ONLY);
      expect([answer.status, answer.text]).toEqual([404, 'Could not find job']);
    },
  );

  test('the ETag is strong, quoted, at least 31 characters long, and of its job only', async () => {
    const server = await serve(chain(2));
    const [one, two] = await Promise.all([server.get('/job?jobid=1'), server.get('/job?jobid=2')]);
    expect(one.etag).toMatch(/^"[0-9a-f]{31,}"$/);
    expect(one.etag).not.toBe(two.etag);
    expect((await server.get('/job?jobid=1', FULL)).etag).toBe(one.etag);
  });

  const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';
  test.each([
    [undefined, 'text/plain'],
    ['', 'text/plain'],
    ['*/*', 'text/plain'],
    ['text/plain', 'text/plain'],
    ['application/json', 'application/json'],
    ['application/json, text/plain, */*', 'text/plain'],
    ['application/json, */*;q=0.1', 'application/json'],
    ['text/plain;q=0.5, application/json', 'application/json'],
    ['application/*', 'application/json'],
    ['text/html', 'text/html'],
    [BROWSER, 'text/html'],
    ['application/vnd.replay.job+json', 'application/vnd.replay.job+json'],
    ['application/vnd.replay.job+json, application/json;q=0.9', 'application/vnd.replay.job+json'],
    ['image/png', 'text/plain'],
    ['text/plain;q=0, application/json', 'application/json'],
    ['APPLICATION/JSON', 'application/json'],
  ])('Accept: %s gives %s', async (accept, type) => {
    const server = await serve(chain(1));
    // fetch adds an Accept of its own when it is given none, which is `*/*` and means the same.
    const answer = await server.get('/job?jobid=1', accept === undefined ? {} : { Accept: accept });
    expect(answer.headers.get('content-type')?.split(';')[0]).toBe(type);
  });
});

describe('the offer of the next job', () => {
  const from = (worker: string): Record<string, string> => ({ ...JSON_ONLY, 'X-Replay-Worker': worker });
  const idOf = (answer: { json(): unknown }): unknown => (answer.json() as { job_id: number }).job_id;

  test('is kept for its caller, and others are offered other jobs', async () => {
    const server = await serve(chain(2));
    const first = await server.get('/job?nextjob', from('a'));
    const again = await server.get('/job?nextjob', from('a'));
    const other = await server.get('/job?nextjob', from('b'));
    expect([idOf(first), idOf(again), idOf(other)]).toEqual([1, 1, 2]);
    expect(again.etag).toBe(first.etag);
  });

  test('is 404 when all that waits is kept for others, until their time is over', async () => {
    const server = await serve(chain(1));
    await server.get('/job?nextjob', from('a'));
    expect((await server.get('/job?nextjob', from('b'))).status).toBe(404);
    server.monotonic.advance(5_001);
    expect(idOf(await server.get('/job?nextjob', from('b')))).toBe(1);
  });

  test('a caller without a name is known by its address', async () => {
    const server = await serve(chain(2));
    const first = await server.get('/job?nextjob', JSON_ONLY);
    const again = await server.get('/job?nextjob', JSON_ONLY);
    expect([idOf(first), idOf(again)]).toEqual([1, 1]);
    expect(idOf(await server.get('/job?nextjob', from('a')))).toBe(2);
  });

  test('longest first, when that is the order', async () => {
    const entries = chain(3);
    entries[2] = { ...entries[2], end_block_id: 5000 };
    const server = await serve(entries, { order: 'longest-first' });
    expect((await claim(server, 'a')).jobId).toBe(3);
  });

  test('200 callers that race for 20 jobs: each job is claimed once', async () => {
    const server = await serve(chain(20));
    const race = async (worker: string): Promise<number | null> => {
      const offer = await server.get('/job?nextjob', from(worker));
      if (offer.status === 404) return null;
      const jobId = idOf(offer) as number;
      const headers = { 'X-Replay-Worker': worker, 'If-Match': offer.etag };
      const claimed = await server.post(`/job?jobid=${jobId}`, { status: 'STARTED' }, headers);
      return claimed.status === 200 ? jobId : null;
    };
    const claims = await Promise.all(Array.from({ length: 200 }, (_, index) => race(`worker-${index}`)));
    const winners = claims.filter((jobId) => jobId !== null);
    expect(winners.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  test('200 callers with the ETags of 20 jobs: each job is claimed once', async () => {
    const server = await serve(chain(20));
    const etags = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => (await server.get(`/job?jobid=${index + 1}`)).etag),
    );
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const headers = { 'X-Replay-Worker': `worker-${index}`, 'If-Match': etags[index % 20] ?? '' };
        return server.post(`/job?jobid=${(index % 20) + 1}`, { status: 'STARTED' }, headers);
      }),
    );
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(statuses.filter((status) => status === 412)).toHaveLength(180);
  });
});
