import { describe, expect, it } from 'vitest';
import { distributionOf } from '../../../src/core/report/distribution.ts';
import { renderText } from '../../../src/core/report/text.ts';
import { renderJson } from '../../../src/core/report/json.ts';
import { buildReport } from '../../../src/core/report/model.ts';
import { aJob, aSummary } from './builders.ts';
import { mixedRun } from './report-runs.ts';

describe('a distribution', () => {
  it('is none without values', () => {
    expect(distributionOf([])).toBeNull();
  });

  it('of one value is that value', () => {
    expect(distributionOf([7])).toEqual({
      count: 1,
      total: 7,
      mean: 7,
      median: 7,
      p75: 7,
      p90: 7,
      longest: 7,
      standardDeviation: 0,
    });
  });

  it('of several values, whatever their order', () => {
    expect(distributionOf([9, 2, 4, 4, 5, 4, 7, 5])).toEqual({
      count: 8,
      total: 40,
      mean: 5,
      median: 4.5,
      p75: 5.5,
      p90: 7.6,
      longest: 9,
      standardDeviation: 2,
    });
  });
});

describe('the timing of a run', () => {
  it('is that of the slices that reached their end, per slice, per million blocks and per stage', () => {
    const { timing } = mixedRun();
    expect(timing.slices).toEqual({
      count: 4,
      total: 1_000_000,
      mean: 250_000,
      median: 250_000,
      p75: 325_000,
      p90: 370_000,
      longest: 400_000,
      standardDeviation: Math.sqrt(12_500_000_000),
    });
    expect(timing.perMillionBlocks).toMatchObject({ count: 4, mean: 250_000_000, longest: 400_000_000 });
    expect(Object.keys(timing.stages)).toEqual(['load', 'replay']);
    expect(timing.stages.replay).toMatchObject({
      count: 2,
      mean: 110_250,
      median: 110_250,
      longest: 150_000,
    });
    expect(timing.slowest.map(({ job }) => job.sliceId)).toEqual([5, 4, 2, 1]);
  });

  it('takes a clock that was set back for no time at all', () => {
    const { timing } = buildReport(aSummary(), [aJob({ end_time: '2026-11-22T09:00:00' })]);
    expect(timing.slices?.longest).toBe(0);
  });

  it('names at most ten of the slowest slices', () => {
    const jobs = Array.from({ length: 12 }, (_, at) =>
      aJob({ job_id: at, end_time: `2026-11-22T11:00:${10 + at}` }),
    );
    expect(buildReport(aSummary(), jobs).timing.slowest.map(({ job }) => job.jobId)).toEqual([
      11, 10, 9, 8, 7, 6, 5, 4, 3, 2,
    ]);
  });
});

describe('the timing in the text report', () => {
  it('is a table of statistics and the slowest slices', () => {
    const text = renderText(mixedRun());
    expect(text.split('\n\n').slice(-2).join('\n\n')).toMatchInlineSnapshot(`
      "Time of finished slices
                            slices        mean      median         p75         p90     longest     std dev
        whole slice              4  4 min 10 s  4 min 10 s  5 min 25 s  6 min 10 s  6 min 40 s  1 min 52 s
        per million blocks       4    2 d 21 h    2 d 21 h    3 d 18 h    4 d 06 h    4 d 15 h    1 d 07 h
        stage load               2      25.0 s      25.0 s      27.5 s      29.0 s      30.0 s       5.0 s
        stage replay             2  1 min 50 s  1 min 50 s  2 min 10 s  2 min 22 s  2 min 30 s      39.8 s

      Slowest slices
                    blocks        time  per million blocks    host
        slice 5  5000-6000  6 min 40 s            4 d 15 h  host-1
        slice 4  4000-5000  5 min 00 s            3 d 11 h  host-1
        slice 2  2000-3000  3 min 20 s            2 d 07 h  host-1
        slice 1  1000-2000  1 min 40 s            1 d 03 h  host-1
      "
    `);
  });

  it('is left out while no slice is finished', () => {
    const text = renderText(buildReport(aSummary(), [aJob({ status: 'WORKING', end_time: null })]));
    expect(text).not.toMatch(/Time of|Slowest/u);
  });
});

describe('the timing in the JSON report', () => {
  it('is in whole milliseconds', () => {
    expect(renderJson(mixedRun())).toMatchObject({
      began_at: '2026-11-22T10:00:00',
      ended_at: null,
      versions: [{ nodeos_version: 'v5.0.2', finished_slices: 4 }],
      timing: {
        slices: {
          count: 4,
          total_ms: 1_000_000,
          mean_ms: 250_000,
          median_ms: 250_000,
          p75_ms: 325_000,
          p90_ms: 370_000,
          longest_ms: 400_000,
          standard_deviation_ms: 111_803,
        },
        stages: { load: { count: 2, mean_ms: 25_000 } },
      },
    });
  });
});
