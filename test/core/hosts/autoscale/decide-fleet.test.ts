import { describe, expect, test } from 'vitest';
import { decideFleet } from '../../../../src/core/hosts/autoscale/decide-fleet.ts';
import { aHost } from '../support/memory-provider.ts';
import { aRecord, aSituation, aView, MINUTE, NOW } from '../support/builders.ts';

describe('how many hosts are launched', () => {
  test('as many as open jobs can use, up to the limit', () => {
    expect(decideFleet(aSituation({ openJobs: 3 })).up).toBe(3);
    expect(decideFleet(aSituation({ openJobs: 30 })).up).toBe(5);
  });

  test('hosts that are there or coming count', () => {
    const views = [aView('booting'), aView('at-work'), aView('idle')];
    expect(decideFleet(aSituation({ openJobs: 4, views })).up).toBe(1);
  });

  test('so do launches of which nobody knows what became of them, and hosts that are not of the fleet', () => {
    expect(decideFleet(aSituation({ openJobs: 4, unsettled: 3 })).up).toBe(1);
    expect(decideFleet(aSituation({ openJobs: 4, others: 3 })).up).toBe(1);
  });

  test('none while the run is paused, and none is stopped', () => {
    const views = [aView('idle')];
    expect(decideFleet(aSituation({ isPaused: true, views, openJobs: 0 }))).toEqual({
      up: 0,
      down: [],
      notes: [],
    });
  });

  test('no more than the budget pays for', () => {
    const money = { budget: 10, spent: 7, ratePerHour: 0, unpriced: 0, pricePerHour: 1, hours: 1 };
    const { up, notes } = decideFleet(aSituation({ money }));
    expect(up).toBe(3);
    expect(notes.join()).toContain('the budget of $10 would be passed');
    expect(decideFleet(aSituation({ money: { ...money, spent: 10 } })).up).toBe(0);
  });
});

describe('hosts that are lost', () => {
  const lost = aView('silent', { silentMs: 11 * MINUTE, host: aHost({ id: 'lost' }) });

  test('are stopped and replaced', () => {
    const { up, down } = decideFleet(aSituation({ openJobs: 2, views: [lost, aView('at-work')] }));
    expect({ up, down }).toEqual({ up: 1, down: [{ id: 'lost', why: 'lost' }] });
  });

  test('take up room until they are gone', () => {
    expect(decideFleet(aSituation({ openJobs: 2, maxHosts: 1, views: [lost] })).up).toBe(0);
  });

  test('are not lost while the orchestrator has only just begun to listen', () => {
    const situation = aSituation({ openJobs: 1, views: [lost], listeningMs: MINUTE });
    expect(decideFleet(situation)).toMatchObject({ up: 0, down: [] });
  });

  test('a silence of a few minutes is none', () => {
    const quiet = aView('silent', { silentMs: 5 * MINUTE });
    expect(decideFleet(aSituation({ openJobs: 1, views: [quiet] }))).toMatchObject({ up: 0, down: [] });
  });

  test('one that holds a job is waited for as long as its lease says', () => {
    const record = aRecord({ job_id: 7, is_seen: false });
    const held = aView('silent', { silentMs: 30 * MINUTE, record });
    expect(decideFleet(aSituation({ openJobs: 1, views: [held] }))).toMatchObject({ up: 0, down: [] });
  });

  test('one that somebody switched off is ended, for its disk, and replaced', () => {
    const stopped = aView('stopped', { host: aHost({ id: 'off', state: 'stopped' }) });
    const { up, down } = decideFleet(aSituation({ openJobs: 1, views: [stopped] }));
    expect({ up, down }).toEqual({ up: 1, down: [{ id: 'off', why: 'stopped' }] });
  });

  test('a host that ended, whatever the reason, is replaced when it had spoken', () => {
    const ended = aView('ended', { record: aView('idle').record });
    expect(decideFleet(aSituation({ openJobs: 1, views: [ended] })).up).toBe(1);
  });
});

describe('hosts that end before their first word', () => {
  const failed = (minutesAgo: number) =>
    aView('ended', {
      host: aHost({
        state: 'ended',
        endedAt: NOW - minutesAgo * MINUTE,
        reason: 'Client.InstanceInitiatedShutdown',
      }),
    });

  test('are followed by a pause that doubles', () => {
    expect(decideFleet(aSituation({ views: [failed(0.5)] }))).toMatchObject({ up: 0 });
    expect(decideFleet(aSituation({ views: [failed(2)] })).up).toBe(1);
    const { up, notes } = decideFleet(aSituation({ views: [failed(20), failed(10), failed(2)] }));
    expect(up).toBe(0);
    expect(notes).toEqual(['hosts ended before their first word: none is launched for 2 min']);
  });

  test('are followed by one alone, until one speaks', () => {
    const { up, notes } = decideFleet(aSituation({ views: [failed(2)] }));
    expect({ up, notes }).toEqual({
      up: 1,
      notes: ['hosts ended before their first word: one is launched to see whether it speaks'],
    });
    expect(decideFleet(aSituation({ views: [failed(2), aView('booting')] })).up).toBe(0);
    expect(decideFleet(aSituation({ views: [failed(2), aView('idle')] })).up).toBe(4);
  });

  test('are remembered until after the longest pause', () => {
    const views = Array.from({ length: 20 }, () => failed(31));
    expect(decideFleet(aSituation({ views })).up).toBe(1);
  });

  test('do not count when a person stopped them early', () => {
    const host = aHost({ state: 'ended', endedAt: NOW, reason: 'User initiated (2026-11-22 10:00:00 GMT)' });
    expect(decideFleet(aSituation({ views: [aView('ended', { host, ageMs: 3 * MINUTE })] })).up).toBe(5);
    // As one that never spoke, and was stopped as lost.
    expect(decideFleet(aSituation({ views: [aView('ended', { host, ageMs: 16 * MINUTE })] })).up).toBe(0);
  });
});

describe('hosts that are not needed any more', () => {
  const idle = (id: string, pricePerHour: number, idleMs = 10 * MINUTE) =>
    aView('idle', { host: aHost({ id, pricePerHour }), idleMs });

  test('go, the dearest first, as many as are too many', () => {
    const views = [idle('cheap', 1), idle('dear', 2), aView('at-work')];
    expect(decideFleet(aSituation({ openJobs: 2, views })).down).toEqual([{ id: 'dear', why: 'idle' }]);
  });

  test('stay until they have been idle for long enough', () => {
    expect(decideFleet(aSituation({ openJobs: 0, views: [idle('a', 1, MINUTE)] })).down).toEqual([]);
  });

  test('stay while they are at work or booting', () => {
    expect(
      decideFleet(aSituation({ openJobs: 0, views: [aView('at-work'), aView('booting')] })).down,
    ).toEqual([]);
  });
});
