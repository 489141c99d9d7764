import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { paint } from '../../../src/core/report/status-colour.ts';
import { renderSlice } from '../../../src/core/report/status-slice.ts';
import { renderStatusTable } from '../../../src/core/report/status-table.ts';
import { aJob, aSummary } from './builders.ts';

const RED = '\u001B[31m';
const GREEN = '\u001B[32m';

describe('colours', () => {
  it('tell problems from what is well, and change nothing else', () => {
    const table = renderStatusTable([aJob(), aJob({ status: 'HASH_MISMATCH', verdict: 'MISMATCH' })]);
    const painted = paint(table);
    expect(painted).toContain(`│ ${GREEN}COMPLETE\u001B[0m `);
    expect(painted).toContain(`│ ${RED}MISMATCH\u001B[0m `);
    expect(stripVTControlCharacters(painted)).toBe(table);
  });

  it('are given to states alone, not to words in names and messages', () => {
    const table = renderStatusTable([aJob({ worker_id: 'ERROR-host', error_message: 'an ERROR here' })], {
      columns: ['host', 'message'],
    });
    expect(paint(table)).toBe(table);
  });

  it('are given to the state of a slice', () => {
    const slice = renderSlice({ job: aJob({ status: 'ERROR' }), summary: aSummary(), log: null });
    expect(paint(slice)).toContain(`status      ${RED}ERROR\u001B[0m\n`);
  });
});
