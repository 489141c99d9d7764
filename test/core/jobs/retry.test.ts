import { describe, expect, it } from 'vitest';
import { decideCancel } from '../../../src/core/jobs/cancel.ts';
import type { Step } from '../../../src/core/jobs/outcome.ts';
import { decideRetry } from '../../../src/core/jobs/retry.ts';
import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import { aJob } from '../report/builders.ts';

type Changes = Partial<FullJobRecord>;

/** The step in short, and who is asked: nobody, or the orchestrator for a status. */
function short(step: Step): [string, string | null, boolean] {
  const { outcome, done } = step.outcome;
  return [outcome, step.kind === 'ask' ? step.update.status : null, done];
}

const HELD: Changes = { status: 'WORKING', attempt: 2, worker_id: 'host-3' };
const WAITING: Changes = { status: 'WAITING_4_WORKER', worker_id: null };

describe('asking for another run', () => {
  const named = { takenBy: null, onlyFailed: false };
  const forced = { takenBy: 'replay jobs retry --force', onlyFailed: false };
  const failed = { takenBy: null, onlyFailed: true };
  const asked = ['queued', 'WAITING_4_WORKER', true];

  it.each([
    ['a job in ERROR', named, { status: 'ERROR' }, asked],
    ['a job in TIMEOUT', failed, { status: 'TIMEOUT' }, asked],
    ['a mismatch', failed, { status: 'HASH_MISMATCH' }, asked],
    ['a complete job that was named', named, { status: 'COMPLETE' }, asked],
    ['a failed job that proved right meanwhile', failed, { status: 'COMPLETE' }, ['ended', null, true]],
    ['a job that waits', named, WAITING, ['waiting', null, true]],
    ['a job at work', named, HELD, ['held', null, false]],
    ['a job at work, with force', forced, HELD, asked],
  ] as const)('%s', (_, options, job, expected) => {
    const read = aJob(job);
    expect(short(decideRetry(options)(read, read))).toEqual(expected);
  });

  it.each([
    [
      'it runs again since somebody else asked',
      { status: 'ERROR', attempt: 1 },
      HELD,
      ['running', null, true],
    ],
    [
      'another attempt runs than the one that was to be taken away',
      { ...HELD, attempt: 1 },
      HELD,
      ['running', null, true],
    ],
    ['it came to its end', HELD, { status: 'COMPLETE', attempt: 2 }, ['ended', null, false]],
    ['its host gave it back', HELD, WAITING, ['waiting', null, true]],
    ['its host went on', { ...HELD, status: 'STARTED' }, HELD, asked],
  ] as const)('even with force, when meanwhile %s', (_, first, now, expected) => {
    expect(short(decideRetry(forced)(aJob(now), aJob(first)))).toEqual(expected);
  });

  it('has the attempt keep how it was taken from its host', () => {
    const held = aJob(HELD);
    expect(decideRetry(forced)(held, held)).toMatchObject({
      update: { error_message: 'A person took the job from its host (replay jobs retry --force).' },
    });
  });

  it('says who holds the job, and until when one waits', () => {
    const held = aJob(HELD);
    expect(decideRetry(named)(held, held).outcome.message).toBe(
      'host-3 is at work on it (WORKING, attempt 2); --force takes it away',
    );
    const waiting = aJob({ ...WAITING, retry_at: '2026-11-22T10:05:00' });
    expect(decideRetry(named)(waiting, waiting).outcome.message).toContain('after 2026-11-22T10:05:00Z');
  });
});

describe('cancelling', () => {
  it.each([
    ['a job at work', HELD, HELD, ['cancelled', 'ERROR', true]],
    ['a job that waits', WAITING, WAITING, ['waiting', null, false]],
    ['a job that was given back meanwhile', HELD, WAITING, ['waiting', null, false]],
    ['a job that is at its end', { status: 'ERROR' }, { status: 'ERROR' }, ['ended', null, true]],
    ['another attempt than the one that was seen', { ...HELD, attempt: 1 }, HELD, ['held', null, false]],
  ] as const)('%s', (_, first, now, expected) => {
    expect(short(decideCancel('cancel')(aJob(now), aJob(first)))).toEqual(expected);
  });

  it('names no cause, so that no other attempt follows', () => {
    const job = aJob(HELD);
    const step = decideCancel('Cancel on the dashboard')(job, job);
    expect(step).toMatchObject({
      update: { error_message: 'A person cancelled it (Cancel on the dashboard).' },
    });
    expect(step).not.toHaveProperty('update.error_cause');
  });
});
