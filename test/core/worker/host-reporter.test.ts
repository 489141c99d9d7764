import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/core/log/logger.ts';
import { OrchestratorError, type OrchestratorErrorKind } from '../../../src/core/protocol/client-error.ts';
import { parseHostReport, type HostReportRecord } from '../../../src/core/protocol/host-report.ts';
import { hostFacts } from '../../../src/core/worker/host-facts.ts';
import { REPORT_AGAIN_MS, REPORT_EVERY_MS, reportHost } from '../../../src/core/worker/host-reporter.ts';
import { ManualClock } from './support/manual-clock.ts';

/** The manual clock makes every pause as long as it can be. */
const LONGEST = 1.2;

let clock: ManualClock;
let stop: AbortController;
let reports: number[];
let refusal: unknown;
let look: () => Promise<HostReportRecord>;

beforeEach(() => {
  clock = new ManualClock();
  stop = new AbortController();
  reports = [];
  refusal = null;
  look = async () => parseHostReport({});
});

function begin(): Promise<void> {
  return reportHost({
    client: {
      postHostReport: async () => {
        reports.push(clock.now());
        if (refusal !== null) throw refusal;
      },
    },
    clock,
    logger: silentLogger,
    look: () => look(),
    signal: stop.signal,
  });
}

describe('a worker', () => {
  it('says what its host is at its start, and every half minute or so from then on', async () => {
    const ended = begin();
    await clock.advance(3 * LONGEST * REPORT_EVERY_MS);
    expect(reports).toHaveLength(4);
    expect(reports[0]).toBe(0);
    stop.abort();
    await ended;
  });

  it('stops at once when it is told to, in a pause or before the first report', async () => {
    const ended = begin();
    await clock.settle();
    stop.abort();
    await ended;
    await begin();
    expect(reports).toHaveLength(1);
  });

  it.each<[OrchestratorErrorKind, number]>([
    ['unreachable', REPORT_EVERY_MS],
    ['unavailable', REPORT_EVERY_MS],
    ['bad-answer', REPORT_EVERY_MS],
    ['not-found', REPORT_AGAIN_MS],
    ['refused', REPORT_AGAIN_MS],
    ['invalid', REPORT_AGAIN_MS],
  ])('whose orchestrator is %s speaks again after %i ms', async (kind, pause) => {
    refusal = new OrchestratorError(kind, 'no');
    const ended = begin();
    await clock.advance(LONGEST * pause * 0.99);
    expect(reports).toHaveLength(1);
    await clock.advance(LONGEST * pause * 0.01);
    expect(reports).toHaveLength(2);
    stop.abort();
    await ended;
  });

  it('is not disturbed by a look that fails', async () => {
    look = () => Promise.reject(new Error('no such disk'));
    const ended = begin();
    await clock.advance(LONGEST * REPORT_EVERY_MS);
    expect(reports).toEqual([]);
    stop.abort();
    await expect(ended).resolves.toBeUndefined();
  });
});

describe('what a host says of itself', () => {
  const known = {
    version: '0.1.0',
    pricePerHour: 0.68,
    instanceId: 'i-0123456789abcdef0',
    startedAt: Date.UTC(2026, 10, 22),
    now: Date.UTC(2026, 10, 23),
  };

  it('is taken by the orchestrator as it is', async () => {
    const facts = await hostFacts({ ...known, dataDir: import.meta.dirname });
    expect(parseHostReport({ ...facts })).toEqual(facts);
    expect(facts).toMatchObject({
      version: '0.1.0',
      price_per_hour: 0.68,
      instance_id: 'i-0123456789abcdef0',
      started_at: '2026-11-22T00:00:00',
      uptime_seconds: 86_400,
    });
    expect(facts.disk_total).toBeGreaterThan(0);
    expect(facts.cpus).toBeGreaterThan(0);
  });

  it('leaves out a disk that is not there, and a clock that went back', async () => {
    const facts = await hostFacts({ ...known, now: 0, dataDir: '/nonexistent/work' });
    expect(facts).toMatchObject({ disk_total: null, disk_free: null, uptime_seconds: 0 });
  });
});
