import { describe, expect, test } from 'vitest';
import { MOST_RATED_JOBS, Rates } from '../../../src/core/orchestrator/rates.ts';
import type { Job } from '../../../src/core/domain/job.ts';
import { chain, claim, hashOf, JSON_ONLY, serve, type Running } from './harness.ts';

async function tell(server: Running, etag: string, body: object): Promise<string> {
  const headers = { 'X-Replay-Worker': 'a', 'If-Match': etag };
  return (await server.post('/job?jobid=1', body, headers)).etag;
}

const ratesOf = async (server: Running) => (await server.get('/job/rates?jobid=1', JSON_ONLY)).json();

describe('GET /job/rates', () => {
  test('has what the host of the last attempt told, also when that is over', async () => {
    const server = await serve(chain(1));
    const began = server.clock.now.getTime() / 1000;
    const since = server.clock.now.toISOString().slice(0, 19);
    const nothing = { job_id: 1, attempt: null, since, times: [], blocks_per_second: [] };
    expect(await ratesOf(server)).toEqual(nothing);
    let { etag } = await claim(server, 'a');
    for (const [seconds, rate] of [
      [10, 500],
      [20, 620.5],
    ] as const) {
      server.clock.now = new Date((began + seconds) * 1000);
      etag = await tell(server, etag, {
        status: 'WORKING',
        last_block_processed: 10,
        blocks_per_second: rate,
      });
    }
    const told = { ...nothing, attempt: 1, times: [began + 10, began + 20], blocks_per_second: [500, 620.5] };
    expect(await ratesOf(server)).toEqual(told);
    await tell(server, etag, { status: 'COMPLETE', actual_integrity_hash: hashOf('a') });
    expect(await ratesOf(server)).toEqual(told);
  });

  test('knows no job that is not there', async () => {
    const server = await serve(chain(1));
    expect((await server.get('/job/rates?jobid=7', JSON_ONLY)).status).toBe(404);
  });
});

test('rates are kept of those jobs that were heard of last', () => {
  const rates = new Rates(() => new Date(0));
  for (let jobId = 1; jobId <= MOST_RATED_JOBS + 5; jobId += 1) {
    rates.note({ jobId, attempts: [{}], status: 'WORKING', blocksPerSecond: 1 } as unknown as Job);
  }
  expect([rates.of(5), rates.of(6)?.values]).toEqual([null, [1]]);
});
