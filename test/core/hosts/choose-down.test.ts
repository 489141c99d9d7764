import { describe, expect, test } from 'vitest';
import { chooseDown } from '../../../src/core/hosts/choose-down.ts';
import { aRecord, aView, MINUTE } from './support/builders.ts';
import { aHost } from './support/memory-provider.ts';

const at = (
  activity: 'at-work' | 'idle' | 'silent' | 'booting' | 'ended' | 'stopped',
  id: string,
  idleMs: number | null = null,
) => aView(activity, { host: aHost({ id, state: activity === 'ended' ? 'ended' : 'running' }), idleMs });

const FLEET = [
  at('at-work', 'work'),
  at('idle', 'idle', 10 * MINUTE),
  at('booting', 'boot'),
  at('ended', 'gone'),
];

test('all are those that have not ended', () => {
  expect(chooseDown(FLEET, 'all', 5)).toEqual({ ids: ['work', 'idle', 'boot'], atWork: 1, strangers: [] });
});

test('names that are none of the fleet are told apart', () => {
  expect(chooseDown(FLEET, ['idle', 'other', 'gone'], 5)).toMatchObject({
    ids: ['idle'],
    strangers: ['other'],
  });
});

describe('idle hosts', () => {
  const idle = (waiting: number, idleForMs = MINUTE) => chooseDown(FLEET, { idleForMs }, waiting).ids;

  test('are those without a job for long enough', () => {
    expect(idle(0)).toEqual(['idle']);
    expect(idle(0, 11 * MINUTE)).toEqual([]);
  });

  test('are those that somebody switched off, too: their disks are paid for', () => {
    const off = { ...at('stopped', 'off'), host: aHost({ id: 'off', state: 'stopped' }) };
    expect(chooseDown([off], { idleForMs: 0 }, 9).ids).toEqual(['off']);
    expect(chooseDown([off], 'all', 9).ids).toEqual(['off']);
  });

  test('are about to take a job while one waits', () => {
    expect(idle(1)).toEqual([]);
  });

  test('and those that were never heard from, or not for as long as a host may need to come back', () => {
    const silent = (id: string, minutes: number, job: number | null = null) => ({
      ...at('silent', id),
      record: aRecord({ is_seen: false, job_id: job }),
      silentMs: minutes * MINUTE,
    });
    const views = [at('silent', 'never'), silent('lost', 16), silent('late', 3), silent('at its job', 60, 7)];
    expect(chooseDown(views, { idleForMs: 0 }, 9).ids).toEqual(['never', 'lost']);
  });
});
