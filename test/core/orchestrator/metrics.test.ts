import { describe, expect, test } from 'vitest';
import { runMetrics } from '../../../src/core/orchestrator/metrics/run-metrics.ts';
import { aSummary } from '../report/builders.ts';
import { chain, claim, complete, hashOf, serve, type Running } from './harness.ts';
import { parsePrometheus, type Family } from './prometheus-text.ts';

async function scrape(server: Running): Promise<Map<string, Family>> {
  const answer = await server.get('/metrics');
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return parsePrometheus(answer.text);
}

/** The values of a family by the values of its labels. */
function values(families: Map<string, Family>, name: string): Record<string, number> {
  const series = families.get(name)?.series ?? [];
  return Object.fromEntries(series.map(({ labels, value }) => [Object.values(labels).join(' '), value]));
}

describe('the metrics', () => {
  test('tell the run as it is', async () => {
    const server = await serve(chain(4), { version: '1.2.3' });
    await complete(server, 'a', hashOf('a'));
    const { jobId, etag } = await claim(server, 'a');
    const failure = { status: 'ERROR', error_cause: 'nodeos-crash', error_message: 'why' };
    await server.post(`/job?jobid=${jobId}`, failure, { 'X-Replay-Worker': 'a', 'If-Match': etag });
    await claim(server, 'b');
    const families = await scrape(server);
    const of = (name: string) => values(families, name);
    expect(of('replay_build_info')).toEqual({ '1.2.3': 1 });
    expect(of('replay_run_active')).toEqual({ '': 1 });
    expect(of('replay_jobs')).toMatchObject({ COMPLETE: 1, STARTED: 1, WAITING_4_WORKER: 2, ERROR: 0 });
    expect(of('replay_verdicts')).toMatchObject({ PENDING: 1, VERIFIED: 0 });
    expect([of('replay_blocks'), of('replay_blocks_processed')]).toEqual([{ '': 400 }, { '': 100 }]);
    expect(of('replay_hosts')).toMatchObject({ at_work: 1, set_aside: 0 });
    expect(of('replay_attempts_total')).toEqual({ COMPLETE: 1, ERROR: 1, TIMEOUT: 0, RETURNED: 0 });
    expect(of('replay_attempt_failures_total')).toMatchObject({ 'nodeos-crash': 1, download: 0, none: 0 });
    expect(families.get('replay_attempts_total')?.type).toBe('counter');
    expect(families.has('replay_time_left_seconds')).toBe(false);
    expect(families.has('replay_cost_usd')).toBe(false);
  });

  test('count requests by route, so that callers cannot make up series', async () => {
    const server = await serve(chain(1));
    await server.get('/status');
    await server.get('/status?sliceid=9');
    await server.get('/made-up-1');
    await server.get('/made-up-2');
    await server.request('DELETE', '/status');
    expect(values(await scrape(server), 'replay_http_requests_total')).toEqual({
      'GET /status 200': 1,
      'GET /status 404': 1,
      'GET * 404': 2,
      'other /status 405': 1,
    });
  });

  test('have a histogram of the writes', async () => {
    const server = await serve(chain(2));
    await claim(server, 'a');
    await claim(server, 'b');
    const family = (await scrape(server)).get('replay_store_write_seconds');
    expect(family?.type).toBe('histogram');
    const buckets = family?.series.filter(({ name }) => name.endsWith('_bucket')) ?? [];
    const count = family?.series.find(({ name }) => name.endsWith('_count'))?.value ?? 0;
    expect(count).toBeGreaterThanOrEqual(2);
    expect(buckets.at(-1)).toMatchObject({ labels: { le: '+Inf' }, value: count });
    expect(buckets.every(({ value }, at) => at === 0 || value >= (buckets[at - 1]?.value ?? 0))).toBe(true);
  });

  test('tell the process too', async () => {
    const families = await scrape(await serve(chain(1)));
    for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total']) {
      expect(families.get(name)?.series[0]?.value).toBeGreaterThan(0);
    }
    expect(families.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
  });

  test('escape what stands in labels, and have what is known only', async () => {
    const cost = { usd: 12.5, usd_per_hour: 3, hosts_priced: 1, hosts_unpriced: 0 };
    const time_left = { low_seconds: 1, likely_seconds: 2, high_seconds: 3 };
    const summary = aSummary({ cost, time_left, blocks_per_second_average: 7.5 });
    const text = await runMetrics(summary, [], '1"\\\n').metrics();
    const families = parsePrometheus(text);
    expect(values(families, 'replay_build_info')).toEqual({ '1"\\\n': 1 });
    expect(values(families, 'replay_time_left_seconds')).toEqual({ low: 1, likely: 2, high: 3 });
    expect(values(families, 'replay_cost_usd')).toEqual({ '': 12.5 });
    expect(values(families, 'replay_blocks_per_second_average')).toEqual({ '': 7.5 });
  });
});
