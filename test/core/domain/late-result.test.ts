import { describe, expect, it } from 'vitest';
import type { Job, LateResult } from '../../../src/core/domain/job.ts';
import { MAX_LATE_RESULTS, withLateResult } from '../../../src/core/domain/late-result.ts';
import { settle } from '../../../src/core/domain/ledger.ts';
import { aJob, anAttempt, hash, NOW } from './builders.ts';

const LATE: LateResult = { at: NOW, status: 'COMPLETE', hash: hash('a'), cause: null, message: null };

/** Lost by host-1, and completed by host-2. */
const job: Job = aJob({
  status: 'COMPLETE',
  actualHash: hash('b'),
  attempts: [
    anAttempt({ outcome: 'TIMEOUT', cause: 'host-lost' }),
    anAttempt({ number: 2, workerId: 'host-2', outcome: 'COMPLETE', actualHash: hash('b') }),
  ],
});

describe('a late result', () => {
  it('is kept with the attempt of the worker that it comes from, and changes nothing else', () => {
    const kept = withLateResult(job, 'host-1', LATE);
    expect(kept).toEqual({
      ...job,
      attempts: [{ ...job.attempts[0], lateResults: [LATE] }, job.attempts[1]],
    });
  });

  it('is kept once', () => {
    const kept = withLateResult(job, 'host-1', LATE) as Job;
    expect(withLateResult(kept, 'host-1', { ...LATE, at: '2026-11-22T12:00:00' })).toBeNull();
    expect(withLateResult(job, 'host-2', { ...LATE, hash: hash('b') })).toBeNull();
  });

  it('of a worker that never had the job, or that has it now, is not kept', () => {
    expect(withLateResult(job, 'host-3', LATE)).toBeNull();
    const held = { ...job, status: 'WORKING', workerId: 'host-1' } as const;
    expect(withLateResult(held, 'host-1', LATE)).toBeNull();
  });

  it('is kept within bounds', () => {
    let kept: Job = job;
    for (let index = 0; index < 2 * MAX_LATE_RESULTS; index += 1) {
      const result = { ...LATE, hash: hash(String(index)), message: 'x'.repeat(10_000) };
      kept = withLateResult(kept, 'host-1', result) ?? kept;
    }
    const late = kept.attempts[0]?.lateResults ?? [];
    expect(late).toHaveLength(MAX_LATE_RESULTS);
    expect(late[0]?.message).toHaveLength(2000);
  });

  it('that differs from the result is a conflict, and no change of the verdict', () => {
    const kept = withLateResult(job, 'host-1', LATE) as Job;
    const { jobs, conflicts } = settle([kept], []);
    expect(conflicts).toMatchObject([
      {
        attempts: [
          { attempt: 1, workerId: 'host-1', hash: hash('a'), late: true },
          { attempt: 2, workerId: 'host-2', hash: hash('b'), late: false },
        ],
      },
    ]);
    expect(jobs).toMatchObject([{ actualHash: hash('b'), verdict: 'UNVERIFIABLE' }]);
  });
});
