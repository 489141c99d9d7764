import { describe, expect, test } from 'vitest';
import type { HostsEvent } from '../../../src/core/protocol/host-record.ts';
import { HOSTS_MS } from '../../../src/core/orchestrator/events/host-events.ts';
import { validatorFor } from './openapi-conformance.ts';
import { readStream, type EventReader } from './event-reader.ts';
import { chain, claim, JSON_ONLY, serve, type Running } from './harness.ts';

const report = (server: Running, worker: string, body: object = {}) =>
  server.post('/host/report', body, { ...JSON_ONLY, 'X-Replay-Worker': worker });

async function hostsFrom(events: EventReader): Promise<HostsEvent> {
  const { data } = await events.next('hosts');
  expect(validatorFor('HostsEvent')(data)).toBeNull();
  return data as unknown as HostsEvent;
}

describe('GET /events?hosts=1', () => {
  test('tells all hosts at once, as GET /hosts does but for their attempts', async () => {
    const server = await serve(chain(2));
    await report(server, 'a', { hostname: 'ip-10-0-0-7', disk_free: 5 });
    await claim(server, 'a');
    const event = await hostsFrom(readStream(server.url, '/events?hosts=1'));
    const [{ attempts: _, seconds_since_heard: __, ...host }] = (await server.get('/hosts')).json() as [
      Record<string, unknown>,
    ];
    expect(event).toEqual({ at: '2026-11-22T10:51:26', all: true, hosts: [host], gone: [] });
    expect(host).toMatchObject({ worker_id: 'a', hostname: 'ip-10-0-0-7', job_id: 1 });
  });

  test('then tells what has changed, and of whom', async () => {
    const server = await serve(chain(2));
    await report(server, 'a', { load: 1 });
    await report(server, 'b', { load: 1 });
    const events = readStream(server.url, '/events?hosts=1');
    await hostsFrom(events);
    await report(server, 'a', { load: 2 });
    await claim(server, 'c');
    server.monotonic.advance(HOSTS_MS);
    const { all, hosts, gone } = await hostsFrom(events);
    expect([all, gone]).toEqual([false, []]);
    expect(hosts.map(({ worker_id }) => worker_id)).toEqual(['a', 'c']);
    expect(hosts[0]).toEqual({ worker_id: 'a', load: 2 });
    expect(hosts[1]).toMatchObject({ worker_id: 'c', job_id: 1, disk_free: null });
  });

  test('tells when a host falls silent, and when it is not known any more', async () => {
    const server = await serve(chain(1));
    await report(server, 'a');
    const events = readStream(server.url, '/events?hosts=1');
    await hostsFrom(events);
    server.monotonic.advance(180_000);
    expect(await hostsFrom(events)).toMatchObject({ hosts: [{ worker_id: 'a', is_seen: false }] });
    server.monotonic.standStill(24 * 3_600_000);
    expect(await hostsFrom(events)).toMatchObject({ all: false, hosts: [], gone: ['a'] });
  });

  test('is not told to whoever does not ask, and nobody looks for them', async () => {
    const server = await serve(chain(1));
    await report(server, 'a');
    const events = readStream(server.url, '/events');
    await events.next('summary');
    const timers = server.monotonic.timers;
    const withHosts = readStream(server.url, '/events?hosts=1');
    await hostsFrom(withHosts);
    expect(server.monotonic.timers).toBeGreaterThan(timers);
    server.monotonic.advance(HOSTS_MS);
    const [rest] = await Promise.all([events.rest(), server.close()]);
    expect(rest.map(({ name }) => name)).not.toContain('hosts');
  });
});
