import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../../src/core/report/html/html.ts';
import { strip } from '../../../src/core/report/html/strip.ts';
import { buildReport } from '../../../src/core/report/model.ts';
import { STAND_IN_NOTICE } from '../../../src/core/report/notices.ts';
import { renderReport, REPORT_FORMATS } from '../../../src/core/report/render.ts';
import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import { aJob, aSummary } from './builders.ts';
import { mixedRun } from './report-runs.ts';

const MAINNET = new URL('../../fixtures/manifests/eos-mainnet-899-slices.json', import.meta.url);

function slicesOf(jobs: readonly FullJobRecord[]) {
  return buildReport(aSummary(), jobs).slices;
}

interface Drawn {
  standing: string;
  x: number;
  y: number;
  width: number;
}

/** The slices of a drawing in the order in which they are drawn. */
function drawn(svg: string): Drawn[] {
  const pattern = /<rect class="s-(\w+)" x="([\d.]+)" y="(\d+)" width="([\d.]+)"/gu;
  return Array.from(svg.matchAll(pattern), ([, standing = '', x, y, width]) => ({
    standing,
    x: Number(x),
    y: Number(y),
    width: Number(width),
  }));
}

describe('the HTML report', () => {
  it('shows a run with one slice of each kind', async () => {
    const html = renderHtml(mixedRun()).replace(/<style>.*<\/style>/su, '<style></style>');
    await expect(html).toMatchFileSnapshot('../../fixtures/golden/report.html');
  });

  it('has no script, asks nobody for anything, and escapes every value', () => {
    const html = renderHtml(mixedRun());
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|url\(|@import|javascript:|\bon\w+="/u);
    expect(html).not.toContain('s3://bucket/<b>');
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
    expect(html.match(/href="(?!#slice-\d+")/gu)).toBeNull();
  });

  it('links only to rows that are there, each of which is there once', () => {
    const html = renderHtml(mixedRun());
    const ids = Array.from(html.matchAll(/ id="([^"]+)"/gu), ([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = Array.from(html.matchAll(/href="#([^"]+)"/gu), ([, id]) => id);
    expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
  });

  it('can be made of a run without slices', () => {
    expect(renderHtml(buildReport(aSummary({ total_jobs: 0, jobs_succeeded: 0 }), []))).toContain(
      'NOT FINISHED',
    );
  });
});

describe('the chain as a strip', () => {
  it('shows slices in proportion to their blocks, in the order of the chain', () => {
    const jobs = [
      aJob({ job_id: 2, start_block_num: 3000, end_block_num: 4000 }),
      aJob({ job_id: 1, start_block_num: 0, end_block_num: 3000 }),
    ];
    expect(drawn(strip(slicesOf(jobs))).toSorted((a, b) => a.x - b.x)).toEqual([
      { standing: 'verified', x: 0, y: 0, width: 749 },
      { standing: 'verified', x: 750, y: 0, width: 249 },
    ]);
  });

  it('goes on in further rows when there are many slices, and covers every block', () => {
    const manifest = JSON.parse(readFileSync(MAINNET, 'utf8')) as {
      start_block_id: number;
      end_block_id: number;
    }[];
    const jobs = manifest.map(({ start_block_id, end_block_id }, at) =>
      aJob({ job_id: at + 1, start_block_num: start_block_id, end_block_num: end_block_id }),
    );
    const svg = strip(slicesOf(jobs));
    const pieces = drawn(svg);
    const rows = new Set(pieces.map(({ y }) => y)).size;
    expect(rows).toBe(17);
    for (const { x, width } of pieces) expect(x + width).toBeLessThanOrEqual(1000.01);
    expect(new Set(Array.from(svg.matchAll(/#slice-(\d+)/gu), ([, id]) => id)).size).toBe(manifest.length);
  });

  it('shows a failure that is one in ten thousand, and above its neighbours', () => {
    const jobs = Array.from({ length: 10_000 }, (_, at) =>
      aJob({
        job_id: at,
        start_block_num: at * 100,
        end_block_num: at * 100 + 100,
        ...(at === 9_999 ? { status: 'HASH_MISMATCH', verdict: 'MISMATCH' } : {}),
      }),
    );
    const last = drawn(strip(slicesOf(jobs))).at(-1);
    expect(last).toMatchObject({ standing: 'mismatch', width: 4, x: 996 });
  });

  it('names each slice in a title', () => {
    expect(strip(slicesOf([aJob()]))).toContain(
      '<title>Slice 1, blocks 1,000 to 3,000: verified, host-1, 2 h 00 min</title>',
    );
  });
});

describe('every format', () => {
  it.each(REPORT_FORMATS)('labels results of the stand-in: %s', (format) => {
    const text = renderReport(mixedRun({ standIn: true }), format);
    const label = { json: '"stand_in": true', csv: ',true,\r\n' }[format as string] ?? STAND_IN_NOTICE;
    expect(text).toContain(label);
    expect(renderReport(mixedRun(), format)).not.toContain(label);
  });
});
