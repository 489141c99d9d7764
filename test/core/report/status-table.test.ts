import { describe, expect, it } from 'vitest';
import { progressOf, renderStatusTable } from '../../../src/core/report/status-table.ts';
import { aJob } from './builders.ts';

/** The names in the head of a table. */
function columnsOf(table: string): string | undefined {
  return table
    .split('\n')[1]
    ?.split('│')
    .slice(1, -1)
    .map((name) => name.trim())
    .join(' ');
}

describe('the status table', () => {
  it('shows a job in one row, without control codes', () => {
    const table = renderStatusTable([
      aJob({ status: 'WORKING', verdict: null, last_block_processed: 2000, blocks_per_second: 1234.5 }),
    ]);
    const cells = table
      .split('\n')[3]
      ?.split('│')
      .map((cell) => cell.trim());
    expect(cells).toEqual([
      '',
      '1',
      '1',
      '1000-3000',
      'WORKING',
      '',
      '50.0 %',
      '2000',
      '1,235/s',
      '1 s',
      '1',
      'host-1',
      '',
      '',
    ]);
    // eslint-disable-next-line no-control-regex
    expect(table).not.toMatch(/\u001B/u);
  });

  it('draws one unbroken table, however many rows there are', () => {
    const lines = renderStatusTable(Array.from({ length: 120 }, (_, at) => aJob({ job_id: at + 1 }))).split(
      '\n',
    );
    expect(lines.map((line) => line[0]).join('')).toBe(`┌│├${'│'.repeat(120)}└`);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines.at(-2)).toMatch(/^│ 120 │/u);
  });

  it('fits into the terminal, and leaves out what matters least', () => {
    const jobs = [
      aJob({ status: 'ERROR', error_cause: 'blocks-log', last_block_processed: 2000 }),
      aJob({ job_id: 2, status: 'WAITING_4_WORKER', verdict: null }),
    ];
    const columnsAt = (width: number | null) => {
      const lines = renderStatusTable(jobs, { width }).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width ?? 200);
      expect(lines.at(-1)?.startsWith('No room for: ')).toBe(width !== null && width < 200);
      return columnsOf(lines.join('\n'));
    };
    expect([200, 110, 85, 60, 40].map(columnsAt)).toEqual([
      'job slice blocks status verdict progress block rate left attempt host cause',
      'job slice blocks status verdict progress block attempt host cause',
      'job blocks status verdict progress host cause',
      'job status verdict cause',
      'job status cause',
    ]);
    expect(columnsAt(null)).toBe(columnsAt(200));
  });

  it('cuts rows off that are still too wide, and never breaks them', () => {
    const jobs = [aJob({ worker_id: 'h'.repeat(50) }), aJob({ job_id: 2 })];
    const lines = renderStatusTable(jobs, { columns: ['job', 'host', 'status'], width: 30 }).split('\n');
    expect(lines).toHaveLength(6);
    expect(lines.map((line) => line.length)).toEqual(lines.map(() => 30));
    expect(lines[3]).toBe(`│   1 │ ${'h'.repeat(21)}…`);
  });

  it('shows the columns that are chosen, in that order', () => {
    const table = renderStatusTable([aJob({ error_message: 'one\n  two\u001B[31m' })], {
      columns: ['message', 'slice', 'expected'],
    });
    expect(columnsOf(table)).toBe('message slice expected');
    expect(table).toContain(`│ one two │     1 │ ${'ab'.repeat(32)} │`);
  });

  it('shows the cause of a failure and calls a mismatch by its name', () => {
    expect(renderStatusTable([aJob({ status: 'ERROR', error_cause: 'blocks-log' })])).toContain('blocks-log');
    expect(renderStatusTable([aJob({ status: 'HASH_MISMATCH' })])).toContain('hash-mismatch');
  });
});

describe('progressOf', () => {
  it.each([
    ['before the first block', 0, 0],
    ['half-way', 2000, 50],
    ['at the end', 3000, 100],
    ['beyond the end', 4000, 100],
  ])('%s', (_, last_block_processed, percent) => {
    expect(progressOf(aJob({ last_block_processed }))).toBe(percent);
  });
});
