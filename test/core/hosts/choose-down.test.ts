import { describe, expect, test } from 'vitest';
import { chooseDown } from '../../../src/core/hosts/choose-down.ts';
import { aView, MINUTE } from './support/builders.ts';
import { aHost } from './support/memory-provider.ts';

const at = (
  activity: 'at-work' | 'idle' | 'silent' | 'booting' | 'ended',
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
  const idle = (openJobs: number, idleForMs = MINUTE) => chooseDown(FLEET, { idleForMs }, openJobs).ids;

  test('are those without a job for long enough', () => {
    expect(idle(1)).toEqual(['idle']);
    expect(idle(1, 11 * MINUTE)).toEqual([]);
  });

  test('are about to take a job while one waits', () => {
    expect(idle(2)).toEqual([]);
  });

  test('and those that are not heard from', () => {
    expect(chooseDown([at('silent', 'lost')], { idleForMs: 0 }, 9).ids).toEqual(['lost']);
  });
});
