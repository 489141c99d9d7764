import { describe, expect, it } from 'vitest';
import { renderFrame, type Frame } from '../../../../src/core/report/watch/frame.ts';
import { aJob, aSummary } from '../builders.ts';

const MANY = Array.from({ length: 10_000 }, (_, index) =>
  aJob({ job_id: index + 1, replay_slice_id: index + 1, status: index === 7_776 ? 'ERROR' : 'COMPLETE' }),
);

function frame(changes: Partial<Frame> & { jobs?: typeof MANY } = {}): string[] {
  const { jobs = MANY, ...rest } = changes;
  return renderFrame({
    run: { summary: aSummary(), jobs: new Map(jobs.map((job) => [job.job_id, job])) },
    choice: { failed: false, running: false, sort: null, reverse: false },
    columns: null,
    lost: null,
    width: 100,
    height: 24,
    ...rest,
  });
}

describe('the lines of a window', () => {
  it.each([
    [200, 60],
    [100, 24],
    [80, 12],
    [40, 10],
    [20, 6],
    [10, 3],
    [5, 1],
  ])('of %i by %i hold the run', (width, height) => {
    const lines = frame({ width, height });
    expect(lines.length).toBeLessThanOrEqual(height);
    expect(lines.filter((line) => Array.from(line).length > width)).toEqual([]);
  });

  it.each([24, 12, 9])('show the one job of ten thousand that failed, in %i of them', (height) => {
    expect(frame({ height }).filter((line) => line.includes('ERROR'))).toHaveLength(1);
  });

  it('say how much is not shown', () => {
    expect(frame().at(-1)).toBe('15 of 10,000 jobs shown: 1 failed, 0 at work. Ctrl-C ends.');
    expect(frame({ jobs: MANY.slice(0, 2) }).at(-1)).toBe('2 jobs. Ctrl-C ends.');
    const failed = MANY.map((job) => ({ ...job, status: 'ERROR' as const }));
    expect(frame({ jobs: failed, width: 120 }).at(-1)).toContain('9,985 failed ones not shown');
  });

  it('say that they are not up to date', () => {
    const lost = { reason: 'the connection was cut\u001B[2J', sinceMs: 12_000 };
    expect(frame({ lost }).at(-1)).toBe('NOT UP TO DATE for 12 s: the connection was cut. Trying again.');
  });

  it('hold the jobs that were chosen, or say that there are none', () => {
    const choice = { failed: true, running: false, sort: null, reverse: false };
    expect(frame({ choice }).at(-1)).toBe('1 job. Ctrl-C ends.');
    expect(frame({ choice, jobs: MANY.slice(0, 5) }).at(-1)).toBe('0 jobs. Ctrl-C ends.');
  });
});
