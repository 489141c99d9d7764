import { describe, expect, it } from 'vitest';
import { renderGlance } from '../../../src/core/report/glance.ts';
import { STAND_IN_NOTICE } from '../../../src/core/report/notices.ts';
import type { SummaryRecord } from '../../../src/core/protocol/summary-record.ts';
import { aSummary } from './builders.ts';

const STATUSES = aSummary().statuses;

const RUNNING = aSummary({
  blocks_processed: 1000,
  total_jobs: 1234,
  jobs_succeeded: 480,
  jobs_failed: 3,
  host_count: 100,
  statuses: {
    ...STATUSES,
    COMPLETE: 489,
    WORKING: 97,
    STARTED: 3,
    WAITING_4_WORKER: 642,
    HASH_MISMATCH: 2,
    ERROR: 1,
  },
  verdicts: { PENDING: 9, VERIFIED: 480, MISMATCH: 2, UNVERIFIABLE: 0 },
  blocks_per_second: 12_345.6,
  blocks_per_second_average: 11_902.3,
  time_left: { low_seconds: 9600, likely_seconds: 11_400, high_seconds: 14_700 },
  eta: '2026-11-22T12:00:00',
});

describe('the run at a glance', () => {
  it('says that the run is paused, since when, by whom and why, and nothing that a terminal would obey', () => {
    const paused = { since: '2026-11-22T11:00:00', by: 'ci', reason: 'a new\u001B[2J disk' };
    expect(
      renderGlance({ ...RUNNING, paused })
        .split('\n')
        .at(-1),
    ).toBe(
      'PAUSED since 2026-11-22T11:00:00Z by ci (a new disk): no job is handed out until replay runs resume',
    );
    const open = renderGlance({ ...RUNNING, paused: { ...paused, by: null, reason: null } });
    expect(open).toContain('PAUSED since 2026-11-22T11:00:00Z: no job');
  });

  it('has a line for the blocks, the jobs, the verdicts, the hosts, the time left and the problems', () => {
    expect(renderGlance(RUNNING).split('\n')).toEqual([
      'Run 1: [######------------------] 25.0 % of 4,000 blocks',
      '1,234 jobs: 489 complete, 97 working, 3 started, 642 waiting, 2 mismatched, 1 in error',
      'Verdicts: 480 verified, 9 pending, 2 mismatched',
      '100 hosts at work, 12,346 blocks/s now, 11,902 blocks/s on average',
      'Time left: about 3 h 10 min (2 h 40 min to 4 h 05 min), done about 2026-11-22T12:00:00Z',
      'Problems: 3 jobs failed',
    ]);
  });

  it('fits into a narrow window, broken between its parts only', () => {
    const lines = renderGlance(RUNNING, 40).split('\n');
    expect(lines).toEqual([
      'Run 1: [##--------] 25.0 %',
      '  of 4,000 blocks',
      '1,234 jobs: 489 complete, 97 working,',
      '  3 started, 642 waiting, 2 mismatched,',
      '  1 in error',
      'Verdicts: 480 verified, 9 pending,',
      '  2 mismatched',
      '100 hosts at work, 12,346 blocks/s now,',
      '  11,902 blocks/s on average',
      'Time left: about 3 h 10 min',
      '  (2 h 40 min to 4 h 05 min),',
      '  done about 2026-11-22T12:00:00Z',
      'Problems: 3 jobs failed',
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  });

  it('breaks its notices between words', () => {
    const lines = renderGlance(aSummary({ stand_in: true }), 40).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(lines.slice(-3).join(' ').replaceAll(/ +/gu, ' ')).toBe(STAND_IN_NOTICE);
  });

  it('of a run that is over says nothing of time, and nothing that is zero', () => {
    expect(renderGlance(aSummary()).split('\n')).toEqual([
      'Run 1: [########################] 100.0 % of 4,000 blocks',
      '2 jobs: 2 complete',
      'Verdicts: 2 verified',
      '0 hosts at work',
    ]);
  });

  it.each<[string, Partial<SummaryRecord>, string | undefined]>([
    ['a spread', { eta: null }, 'Time left: about 3 h 10 min (2 h 40 min to 4 h 05 min)'],
    [
      'no spread',
      { time_left: { low_seconds: 60, likely_seconds: 60, high_seconds: 60 } },
      'Time left: about 1 min 00 s, done about 2026-11-22T12:00:00Z',
    ],
    ['an end at the present rate alone', { time_left: null }, 'done about 2026-11-22T12:00:00Z'],
    ['neither', { time_left: null, eta: null }, undefined],
  ])('tells the time left with %s', (_, changes, expected) => {
    const lines = renderGlance({ ...RUNNING, ...changes }).split('\n');
    expect(lines.find((line) => /left|done about/u.test(line))).toBe(expected);
  });

  it('names every kind of problem', () => {
    const problem = { block: 1, snapshot_path: 'b', ending_configid: 1, starting_configid: 2, reason: 'why' };
    expect(renderGlance(aSummary({ jobs_failed: 1, suspect_snapshots: [problem, problem] }))).toContain(
      'Problems: 1 job failed, 2 suspect snapshots',
    );
  });

  it('names the hosts that are set aside, and why', () => {
    const failure = { job_id: 1, attempt: 1, error_cause: 'install', error_message: null } as const;
    const glance = renderGlance(
      aSummary({
        hosts_set_aside: [
          { worker_id: 'host-7', since: '2026-11-22T10:00:00', failures: [failure, failure, failure] },
        ],
      }),
    );
    expect(glance.split('\n').slice(-2)).toEqual([
      'Problems: 1 host set aside',
      'Host host-7 is set aside since 2026-11-22T10:00:00Z and gets no more jobs: its last 3 attempts failed (install, install, install)',
    ]);
  });
});

describe('what the hosts cost', () => {
  const cost = { usd: 1234.5, usd_per_hour: 3.2, hosts_priced: 4, hosts_unpriced: 2 };
  const line = (changes: object) => renderGlance(aSummary(changes));

  it('has a line, with the hosts that have no price', () => {
    expect(line({ cost })).toContain('\nCost so far: $1,234.50, $3.20 an hour; 2 hosts without a price');
    expect(line({ cost: { ...cost, hosts_unpriced: 1 } })).toContain('; 1 host without a price');
    expect(line({ cost: { ...cost, hosts_unpriced: 0 } })).toMatch(/so far: \$1,234\.50, \$3\.20 an hour$/u);
    expect(line({ cost: { ...cost, usd_per_hour: 0, hosts_unpriced: 0 } })).toMatch(/so far: \$1,234\.50$/u);
  });

  it('is left out where it is not known', () => {
    expect(line({ cost: null })).not.toContain('Cost');
  });

  it('includes idle hosts, which are named', () => {
    expect(line({ host_count: 2, hosts_idle: 1 })).toMatch(/^2 hosts at work, 1 idle$/mu);
  });
});
