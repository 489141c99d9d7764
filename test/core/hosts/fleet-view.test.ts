import { describe, expect, test } from 'vitest';
import { viewFleet } from '../../../src/core/hosts/fleet-view.ts';
import { aRecord, MINUTE, NOW } from './support/builders.ts';
import { aHost } from './support/memory-provider.ts';

const HOST = aHost({ id: 'i-1', launchedAt: NOW - 60 * MINUTE, pricePerHour: 0.5 });
const YOUNG = { ...HOST, launchedAt: NOW - MINUTE };

describe('what a host is doing', () => {
  test.each([
    ['at-work', HOST, [aRecord({ job_id: 7 })]],
    ['idle', HOST, [aRecord()]],
    ['silent', HOST, [aRecord({ is_seen: false, seconds_since_heard: 300 })]],
    ['silent', HOST, []],
    ['booting', YOUNG, []],
    ['unknown', HOST, null],
    ['ended', { ...HOST, state: 'ended' }, [aRecord()]],
    ['stopping', { ...HOST, state: 'stopping' }, [aRecord({ job_id: 7 })]],
  ] as const)('%s', (activity, host, records) => {
    expect(viewFleet([host], records, NOW)[0]?.activity).toBe(activity);
  });
});

test('a host is found by its id, or by the name of its worker where its place knows that', () => {
  const byName = aHost({ id: 'local#1', workerId: 'w' });
  const views = viewFleet([HOST, byName], [aRecord({ worker_id: 'w', instance_id: null }), aRecord()], NOW);
  expect(views.map(({ record }) => record?.worker_id)).toEqual(['a', 'w']);
});

test('a host is idle since its last attempt, or since it came', () => {
  const attempts = [{ end_time: '2026-11-22T09:50:00' }] as never;
  expect(viewFleet([HOST], [aRecord({ attempts })], NOW)[0]?.idleMs).toBe(10 * MINUTE);
  expect(viewFleet([HOST], [aRecord()], NOW)[0]?.idleMs).toBe(60 * MINUTE);
});

test('the cost is by age, a minute at least, and up to the end', () => {
  const cost = (fields: object) => viewFleet([{ ...HOST, ...fields }], [], NOW)[0]?.costUsd;
  expect(cost({})).toBeCloseTo(0.5);
  expect(cost({ launchedAt: NOW - 1000 })).toBeCloseTo(0.5 / 60);
  expect(cost({ state: 'ended', endedAt: NOW - 30 * MINUTE })).toBeCloseTo(0.25);
  expect(cost({ pricePerHour: null })).toBeNull();
});

test('an end that is told without its time was after its last word', () => {
  const host = { ...HOST, state: 'ended' as const, endedAt: null };
  const record = aRecord({ last_heard: '2026-11-22T09:30:00' });
  expect(viewFleet([host], [record], NOW)[0]).toMatchObject({ ageMs: 30 * MINUTE, costUsd: 0.25 });
});

test('a host that was launched for another orchestrator, and was never heard from here, is elsewhere', () => {
  const host = { ...HOST, orchestrator: '10.0.0.9:4000' };
  const activity = (own: string | null, records = [] as ReturnType<typeof aRecord>[]) =>
    viewFleet([host], records, NOW, own)[0]?.activity;
  expect(activity('10.0.0.5:4000')).toBe('elsewhere');
  expect(activity('10.0.0.9:4000')).not.toBe('elsewhere');
  expect(activity(null)).not.toBe('elsewhere');
  expect(activity('10.0.0.5:4000', [aRecord()])).toBe('idle');
});
