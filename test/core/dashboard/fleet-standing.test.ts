import { describe, expect, test } from 'vitest';
import { standingDetail } from '../../../src/core/dashboard/data/fleet-standing.ts';
import { fleetInOrder } from '../../../src/core/dashboard/pages/hosts/fleet/order.ts';
import type { FleetHostRecord } from '../../../src/core/protocol/fleet-record.ts';

const aHost = (fields: Partial<FleetHostRecord> = {}): FleetHostRecord => ({
  id: 'i-1',
  state: 'running',
  type: 'c7a.large',
  zone: 'eu-west-1a',
  purchase: 'on-demand',
  price_per_hour: 0.5,
  address: null,
  run_id: '1',
  launched_at: null,
  ended_at: null,
  reason: null,
  activity: 'idle',
  worker_id: 'a',
  job_id: null,
  stage: null,
  age_seconds: 60,
  idle_seconds: null,
  cost_usd: 0.1,
  ...fields,
});

describe('what is said of a host beside its state', () => {
  test.each([
    [{ activity: 'booting', worker_id: null }, 'not heard from yet'],
    [{ activity: 'at-work', stage: 'replay' }, 'replay'],
    [{ activity: 'at-work' }, ''],
    [{ activity: 'idle', idle_seconds: 240 }, 'for 4 min 00 s'],
    [{ activity: 'silent', idle_seconds: 720 }, 'for 12 min 00 s'],
    [{ activity: 'silent', worker_id: null }, 'never heard from'],
    [{ activity: 'unknown' }, 'jobs could not be asked for'],
    [{ activity: 'stopping', reason: 'User initiated' }, 'User initiated'],
    [{ activity: 'ended' }, ''],
  ] as const)('%j: %s', (fields, words) => {
    expect(standingDetail(aHost(fields))).toBe(words);
  });
});

describe('hosts of the fleet', () => {
  const order = (hosts: readonly FleetHostRecord[], name: string, backwards = false): string[] =>
    fleetInOrder(hosts, { name, backwards }).map(({ id }) => id);

  test('stand in the order of the attention that they call for, and then of their names', () => {
    const hosts = [
      aHost({ id: 'i-10', activity: 'at-work' }),
      aHost({ id: 'i-9', activity: 'at-work' }),
      aHost({ id: 'i-3', activity: 'booting' }),
      aHost({ id: 'i-4', activity: 'silent' }),
    ];
    expect(order(hosts, 'state')).toEqual(['i-4', 'i-3', 'i-9', 'i-10']);
  });

  test('of which something is not known come last, whichever way round', () => {
    const hosts = [
      aHost({ id: 'a', cost_usd: null }),
      aHost({ id: 'b', cost_usd: 2 }),
      aHost({ id: 'c', cost_usd: 10 }),
    ];
    expect([order(hosts, 'cost'), order(hosts, 'cost', true)]).toEqual([
      ['b', 'c', 'a'],
      ['c', 'b', 'a'],
    ]);
  });
});
