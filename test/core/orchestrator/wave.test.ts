import { describe, expect, test } from 'vitest';
import { JSON_ONLY, chain, serve, type Running } from './harness.ts';

const HOSTS = 1000;
/** Connections at a time: the machine's limit, not the orchestrator's. */
const AT_ONCE = 50;

interface Claimed {
  jobId: number;
  requests: number;
  refused: number;
}

async function claimOne(server: Running, worker: string): Promise<Claimed> {
  const headers = { ...JSON_ONLY, 'X-Replay-Worker': worker };
  const offer = await server.get('/job?nextjob', headers);
  const { job_id: jobId } = offer.json() as { job_id: number };
  const claimed = await server.post(
    `/job?jobid=${jobId}`,
    { status: 'STARTED' },
    { ...headers, 'If-Match': offer.etag },
  );
  return { jobId, requests: 2, refused: claimed.status === 200 ? 0 : 1 };
}

/** Runs the tasks with so many of them under way at any time. */
async function inWave<T>(tasks: readonly (() => Promise<T>)[], atOnce: number): Promise<T[]> {
  const results: T[] = [];
  const left = tasks.entries();
  const lane = async (): Promise<void> => {
    for (const [index, task] of left) results[index] = await task();
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}

describe('a thousand hosts that start in the same second', () => {
  test('each get a job of their own with two requests, and no claim is refused', async () => {
    const server = await serve(chain(HOSTS));
    const hosts = Array.from({ length: HOSTS }, (_, index) => `host-${index}`);
    const claims = await inWave(
      hosts.map((host) => () => claimOne(server, host)),
      AT_ONCE,
    );
    const jobs = new Set(claims.map(({ jobId }) => jobId));
    const requests = claims.reduce((sum, claimed) => sum + claimed.requests, 0);
    const refused = claims.reduce((sum, claimed) => sum + claimed.refused, 0);
    process.stdout.write(`${HOSTS} hosts: ${jobs.size} jobs, ${requests} requests, ${refused} refused\n`);
    expect({ jobs: jobs.size, requests, refused }).toEqual({ jobs: HOSTS, requests: 2 * HOSTS, refused: 0 });
    expect((await server.get('/summary', JSON_ONLY)).json()).toMatchObject({
      statuses: { WAITING_4_WORKER: 0, STARTED: HOSTS },
      host_count: HOSTS,
    });
    expect((await server.get('/job?nextjob', { 'X-Replay-Worker': 'one-more' })).status).toBe(404);
  });

  test('that all ask before the first of them claims are offered different jobs', async () => {
    const server = await serve(chain(HOSTS));
    const hosts = Array.from({ length: HOSTS }, (_, index) => `host-${index}`);
    const offers = await inWave(
      hosts.map((host) => () => server.get('/job?nextjob', { ...JSON_ONLY, 'X-Replay-Worker': host })),
      AT_ONCE,
    );
    const jobs = new Set(offers.map((offer) => (offer.json() as { job_id: number }).job_id));
    expect(jobs.size).toBe(HOSTS);
  });
});
