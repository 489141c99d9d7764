import { describe, expect, it } from 'vitest';
import { NEW_ACCOUNT } from '../../../src/core/domain/cost.ts';
import { NO_HISTORY } from '../../../src/core/domain/host-history.ts';
import type { HostRecord } from '../../../src/core/protocol/host-record.ts';
import { toHostRecord } from '../../../src/core/protocol/to-host-record.ts';
import { HOST_COLUMNS_DROPPED_FIRST, renderHostsTable } from '../../../src/core/report/hosts-table.ts';

/** A host that has only just been heard from, unless told otherwise. */
function aHost(changes: Partial<HostRecord> = {}): HostRecord {
  const made = toHostRecord({
    workerId: 'alpha',
    firstSeen: 0,
    lastHeard: 0,
    silentMs: 0,
    isSeen: true,
    isSetAside: false,
    account: NEW_ACCOUNT,
    report: null,
    job: null,
    history: NO_HISTORY,
  });
  return { ...made, ...changes };
}

const BUSY = aHost({
  job_id: 7,
  status: 'WORKING',
  stage: 'replay',
  blocks_per_second: 1234.5,
  disk_free: 123 * 1024 ** 3,
  memory_free: 0,
  load: 7.25,
  cpus: 8,
  seconds_since_heard: 75,
  attempts_complete: 3,
  attempts_failed: 1,
  price_per_hour: 0.68,
  cost_usd: 12.3456,
  set_aside: true,
});

function rowsOf(table: string): string[][] {
  const lines = table.split('\n').filter((line) => line.startsWith('│'));
  return lines.map((line) =>
    line
      .split('│')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('the table of hosts', () => {
  it('says what each is at, how it is and what it costs', () => {
    expect(rowsOf(renderHostsTable([BUSY, aHost({ worker_id: 'beta' })]))).toEqual([
      [
        'host',
        'job',
        'stage',
        'rate',
        'disk free',
        'memory free',
        'load',
        'last heard',
        'ok',
        'failed',
        'price',
        'cost',
        'set aside',
      ],
      [
        'alpha',
        '7',
        'replay',
        '1,235/s',
        '123.0 GiB',
        '0 B',
        '7.3 of 8',
        '1 min 15 s ago',
        '3',
        '1',
        '$0.68/h',
        '$12.35',
        'set aside',
      ],
      ['beta', '', '', '', '', '', '', '0 s ago', '0', '0', '', '', ''],
    ]);
  });

  it('shows the status of a job that is in no stage, and a price of nothing', () => {
    const host = aHost({ job_id: 1, status: 'STARTED', price_per_hour: 0, cost_usd: 0 });
    expect(rowsOf(renderHostsTable([host]))[1]).toEqual(
      expect.arrayContaining(['STARTED', '$0.00/h', '$0.00']),
    );
  });

  it('is a sentence when there is none', () => {
    expect(renderHostsTable([])).toBe('No host was heard from.');
  });

  it('lets no host write to the terminal', () => {
    const table = renderHostsTable([aHost({ worker_id: 'a\u001B[2Jb\nc' })]);
    expect(rowsOf(table)[1]?.[0]).toBe('ab c');
    // eslint-disable-next-line no-control-regex
    expect(table).not.toMatch(/\u001B/u);
  });

  it('does without some columns in a narrow window, and says so', () => {
    const table = renderHostsTable([BUSY], 80);
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const head = rowsOf(table)[0]!;
    expect(head).toEqual(expect.arrayContaining(['host', 'job', 'last heard', 'set aside']));
    const well = rowsOf(renderHostsTable([{ ...BUSY, set_aside: false }], 80))[0]!;
    expect(well).not.toContain('set aside');
    expect(table).toMatch(/\nNo room for: (?:[a-z ]+, )*[a-z ]+\.$/u);
    const all = rowsOf(renderHostsTable([BUSY]))[0]!;
    expect(HOST_COLUMNS_DROPPED_FIRST.filter((name) => !all.includes(name))).toEqual([]);
  });
});
