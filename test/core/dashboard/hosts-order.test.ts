import { describe, expect, test } from 'vitest';
import { hostsInView, type HostView } from '../../../src/core/dashboard/pages/hosts/order.ts';
import type { HostRow } from '../../../src/core/protocol/host-record.ts';

const aHost = (worker_id: string, more: Partial<HostRow> = {}): HostRow => ({
  worker_id,
  hostname: null,
  instance_id: null,
  version: null,
  os: null,
  arch: null,
  cpus: null,
  load: null,
  memory_total: null,
  memory_free: null,
  disk_total: null,
  disk_free: null,
  started_at: null,
  uptime_seconds: null,
  price_per_hour: null,
  first_seen: '2026-11-22T10:51:26',
  last_heard: '2026-11-22T10:51:26',
  is_seen: true,
  set_aside: false,
  job_id: null,
  replay_slice_id: null,
  status: null,
  stage: null,
  blocks_per_second: null,
  hours: 0,
  cost_usd: null,
  attempts_complete: 0,
  attempts_failed: 0,
  ...more,
});

const ALL: HostView = { state: null, text: '', sort: { name: 'host', backwards: false } };
const by = (name: string, backwards = false): HostView => ({ ...ALL, sort: { name, backwards } });

describe('the hosts that are shown', () => {
  test('stand in the order of their names, with numbers as numbers', () => {
    expect(hostsInView([aHost('h-10'), aHost('h-9'), aHost('a')], ALL)).toEqual(['a', 'h-9', 'h-10']);
    expect(hostsInView([aHost('h-10'), aHost('h-9')], by('host', true))).toEqual(['h-10', 'h-9']);
  });

  test('have what is not known at the end, whichever way they are sorted', () => {
    const hosts = [aHost('none'), aHost('low', { disk_free: 1 }), aHost('high', { disk_free: 2 })];
    expect(hostsInView(hosts, by('disk'))).toEqual(['low', 'high', 'none']);
    expect(hostsInView(hosts, by('disk', true))).toEqual(['high', 'low', 'none']);
  });

  test('can be sorted by their state, that of most attention first, and by load for each processor', () => {
    const hosts = [
      aHost('working', { job_id: 1, load: 8, cpus: 16 }),
      aHost('silent', { is_seen: false, job_id: 2, load: 3, cpus: 2 }),
      aHost('idle', { load: 1, cpus: 4 }),
      aHost('aside', { set_aside: true, is_seen: false }),
    ];
    expect(hostsInView(hosts, by('state'))).toEqual(['aside', 'silent', 'idle', 'working']);
    expect(hostsInView(hosts, by('load'))).toEqual(['idle', 'working', 'silent', 'aside']);
  });

  test('are narrowed to a state, and to a part of a name, an instance id or a version', () => {
    const hosts = [
      aHost('a', { instance_id: 'i-0ABC' }),
      aHost('b', { version: '0.2.0' }),
      aHost('c', { job_id: 1 }),
    ];
    expect(hostsInView(hosts, { ...ALL, state: 'working' })).toEqual(['c']);
    expect(hostsInView(hosts, { ...ALL, text: ' 0abc ' })).toEqual(['a']);
    expect(hostsInView(hosts, { ...ALL, text: '0.2' })).toEqual(['b']);
  });
});
