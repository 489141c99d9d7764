import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/core/log/logger.ts';
import { OrchestratorError } from '../../../src/core/protocol/client-error.ts';
import type { OrchestratorErrorKind } from '../../../src/core/protocol/client-error.ts';
import type { FullJobRecord, JobUpdate } from '../../../src/core/protocol/full-record.ts';
import { JobReporter } from '../../../src/core/worker/job-reporter.ts';
import type { ReportClient } from '../../../src/core/worker/job-reporter.ts';
import { attemptRecord, fullRecord } from '../protocol/records.ts';
import { ManualClock } from './support/manual-clock.ts';

const HASH = 'ab'.repeat(32);
const START = { block: 1000, hash: HASH, versionField: 'spring_version', version: '1.2.2' } as const;

/** An orchestrator that accepts all, unless it is told what to answer next. */
class FakeClient implements ReportClient {
  version = 1;
  readonly sent: string[] = [];
  readonly updates: JobUpdate[] = [];
  /** Kinds of refusal for the next exchanges that change something; null accepts. */
  refusals: (OrchestratorErrorKind | null)[] = [];
  /** The job as GET shows it. */
  job: FullJobRecord | null = null;
  /** The version that GET shows. */
  fresh = '"fresh"';
  reads = 0;
  isAway = (): boolean => false;
  /** What the refusals say. */
  says: string | null = null;

  async update(_jobId: number, etag: string, update: JobUpdate): Promise<string> {
    this.#refuse();
    this.sent.push(`${update.status} ${update.last_block_processed ?? '-'} ${etag}`);
    this.updates.push(update);
    this.version += 1;
    return `"v${this.version}"`;
  }

  async getJob(): Promise<{ job: FullJobRecord; etag: string } | null> {
    if (this.isAway()) throw new OrchestratorError('unreachable', 'no answer');
    this.reads += 1;
    return this.job === null ? null : { job: this.job, etag: this.fresh };
  }

  async postStartHash(): Promise<boolean> {
    this.#refuse();
    this.sent.push('start hash');
    return true;
  }

  async postLog(): Promise<void> {
    this.#refuse();
    this.sent.push('log');
  }

  #refuse(): void {
    const kind = this.refusals.shift() ?? null;
    if (kind !== null) throw new OrchestratorError(kind, this.says ?? `refused as ${kind}`);
  }
}

let client: FakeClient;
let clock: ManualClock;
let lost: string[];
let contact: boolean[];
let refused: number[];
let reporter: JobReporter;
let times: { timeoutMs: number; retryMaxMs: number };

beforeEach(() => {
  client = new FakeClient();
  clock = new ManualClock();
  lost = [];
  contact = [];
  refused = [];
  times = { timeoutMs: 10_000, retryMaxMs: 30_000 };
  reporter = new JobReporter({
    client,
    clock,
    logger: silentLogger,
    own: { jobId: 1, attempt: 1, workerId: 'worker-1', startBlock: 1000, endBlock: 2000 },
    etag: '"v1"',
    status: 'STARTED',
    times: () => times,
    onLost: (reason) => lost.push(reason),
    onContact: (answering) => contact.push(answering),
    onRefused: (forMs) => refused.push(forMs),
  });
});

function held(changes: Partial<FullJobRecord>): FullJobRecord {
  const attempts = [attemptRecord({})];
  return fullRecord({ status: 'STARTED', attempt: 1, worker_id: 'worker-1', attempts, ...changes });
}

describe('messages', () => {
  it('are sent in order, each with the version that the last answer gave', async () => {
    reporter.send({ status: 'LOADING_SNAPSHOT' });
    reporter.startHash(START);
    reporter.send({ status: 'WORKING', last_block_processed: 1000 });
    await expect(reporter.deliver({ status: 'COMPLETE', actual_integrity_hash: HASH })).resolves.toBe(
      'accepted',
    );
    expect(client.sent).toEqual([
      'LOADING_SNAPSHOT - "v1"',
      'start hash',
      'WORKING 1000 "v2"',
      'COMPLETE - "v3"',
    ]);
  });

  it('wait while no answer comes, and then only the newest progress is sent', async () => {
    client.refusals = ['unreachable', 'unavailable', 'unreachable'];
    reporter.progress({ status: 'WORKING', last_block_processed: 1100 });
    await clock.settle();
    reporter.progress({ status: 'WORKING', last_block_processed: 1200 });
    reporter.progress({ status: 'WORKING', last_block_processed: 1300 });
    await clock.advance(60_000);
    expect(client.sent).toEqual(['WORKING 1300 "v1"']);
    expect(clock.slept).toEqual([1000, 2000, 4000]);
    expect(contact).toEqual([false, true]);
  });

  it('are never sent more than 30 s apart', async () => {
    client.refusals = Array.from({ length: 12 }, () => 'unreachable' as const);
    reporter.send({ status: 'WORKING' });
    await clock.advance(600_000);
    expect(Math.max(...clock.slept)).toBe(30_000);
    expect(client.sent).toEqual(['WORKING - "v1"']);
  });

  it('keep a start hash and a state while progress is replaced', async () => {
    client.refusals = ['unreachable'];
    reporter.startHash(START);
    reporter.send({ status: 'WORKING' });
    reporter.progress({ status: 'WORKING', last_block_processed: 1100 });
    reporter.progress({ status: 'WORKING', last_block_processed: 1200 });
    await clock.advance(60_000);
    expect(client.sent).toEqual(['start hash', 'WORKING - "v1"', 'WORKING 1200 "v2"']);
  });

  it('leave out progress that a result has overtaken', async () => {
    client.refusals = ['unreachable'];
    reporter.progress({ status: 'WORKING', last_block_processed: 1100 });
    const delivery = reporter.deliver({ status: 'COMPLETE', actual_integrity_hash: HASH });
    await clock.advance(60_000);
    await expect(delivery).resolves.toBe('accepted');
    expect(client.sent).toEqual(['COMPLETE - "v1"']);
  });

  it('are left out when they are not wanted and change nothing', async () => {
    client.refusals = ['refused', 'invalid'];
    reporter.log(() => client.postLog());
    reporter.startHash(START);
    await expect(reporter.deliver({ status: 'ERROR' })).resolves.toBe('accepted');
    expect(lost).toEqual([]);
  });
});

describe('an orchestrator that does not accept us', () => {
  it('is asked again, and for how long it refuses is told', async () => {
    times = { timeoutMs: 1000, retryMaxMs: 1000 };
    client.refusals = ['refused', 'refused', 'unreachable', 'refused', null, 'refused'];
    reporter.send({ status: 'WORKING' });
    await clock.advance(10_000);
    reporter.progress({ status: 'WORKING' });
    await clock.advance(1000);
    expect(refused).toEqual([0, 1000, 0, 0]);
    expect(client.sent).toEqual(['WORKING - "v1"', 'WORKING - "v2"']);
  });

  it('can be given up by who works on the job', async () => {
    client.refusals = ['refused'];
    reporter.send({ status: 'WORKING' });
    await clock.settle();
    reporter.giveUp('enough');
    await clock.advance(10_000);
    expect([lost, client.sent, reporter.lostReason]).toEqual([['enough'], [], 'enough']);
  });
});

describe('a lease', () => {
  it('is not lost over a start hash that the orchestrator cannot take', async () => {
    client.refusals = ['unavailable', null, 'unavailable', null, null];
    reporter.startHash(START);
    await clock.advance(10_000);
    expect(client.sent).toEqual(['STARTED - "v1"', 'STARTED - "v2"', 'start hash']);
  });

  it('that is lost is noticed even then', async () => {
    client.refusals = ['unavailable', 'stale'];
    client.job = held({ worker_id: 'other' });
    reporter.startHash(START);
    await expect(reporter.deliver({ status: 'WORKING' })).resolves.toBe('lost');
    expect(lost).toHaveLength(1);
    expect(clock.slept).toEqual([]);
  });

  it('that is short makes for short pauses, whatever the orchestrator asks for', async () => {
    times = { timeoutMs: 1000, retryMaxMs: 500 };
    client.refusals = Array.from({ length: 6 }, () => 'unreachable' as const);
    reporter.send({ status: 'WORKING' });
    await clock.advance(10_000);
    expect(new Set(clock.slept)).toEqual(new Set([500]));
    expect(client.sent).toEqual(['WORKING - "v1"']);
  });
});

describe('a log', () => {
  it.each(['unavailable', 'refused', 'invalid'] as const)(
    'that is %s again and again does not hold up the result',
    async (kind) => {
      client.refusals = kind === 'unavailable' ? [kind, null, kind, null, kind] : [kind];
      reporter.log(() => client.postLog());
      const delivery = reporter.deliver({ status: 'ERROR' });
      await clock.advance(10_000);
      await expect(delivery).resolves.toBe('accepted');
      expect(client.sent.at(-1)).toMatch(/^ERROR/);
      expect(client.sent).not.toContain('log');
    },
  );
});

describe('a log that gets no answer', () => {
  it('does not hold up the result when the orchestrator answers otherwise', async () => {
    client.refusals = ['unreachable', 'unreachable', 'unreachable'];
    reporter.log(() => client.postLog());
    const delivery = reporter.deliver({ status: 'COMPLETE', actual_integrity_hash: HASH });
    await clock.advance(10_000);
    await expect(delivery).resolves.toBe('accepted');
    expect(client.sent).toEqual(['COMPLETE - "v1"']);
  });

  it('waits while the orchestrator is away, as the result would', async () => {
    client.refusals = Array.from({ length: 5 }, () => 'unreachable' as const);
    client.isAway = () => client.refusals.length > 0;
    reporter.log(() => client.postLog());
    reporter.send({ status: 'COMPLETE', actual_integrity_hash: HASH });
    await clock.advance(60_000);
    expect(client.sent).toEqual(['log', 'COMPLETE - "v1"']);
  });
});

describe('a stale version', () => {
  it('of a job that is still ours is renewed, and the message sent again', async () => {
    client.refusals = ['stale'];
    client.job = held({ status: 'STARTED' });
    reporter.send({ status: 'LOADING_SNAPSHOT' });
    await clock.settle();
    expect(client.sent).toEqual(['LOADING_SNAPSHOT - "fresh"']);
    expect(lost).toEqual([]);
  });

  it('after a lost answer means that the message has been done', async () => {
    client.refusals = ['unreachable', 'stale'];
    client.job = held({
      status: 'COMPLETE',
      attempts: [attemptRecord({ outcome: 'COMPLETE', actual_integrity_hash: HASH })],
    });
    const delivery = reporter.deliver({ status: 'COMPLETE', actual_integrity_hash: HASH });
    await clock.advance(5000);
    await expect(delivery).resolves.toBe('accepted');
    expect(client.sent).toEqual([]);
  });

  it.each([
    [
      'another worker holds it',
      {
        worker_id: 'other',
        attempt: 2,
        attempts: [attemptRecord({ outcome: 'RETURNED' }), attemptRecord({ number: 2, worker_id: 'other' })],
      },
    ],
    [
      'it was put back',
      { status: 'WAITING_4_WORKER', worker_id: null, attempts: [attemptRecord({ outcome: 'TIMEOUT' })] },
    ],
    ['it is another slice', { end_block_num: 2001 }],
    ['it is in a state that we never reported', { status: 'WORKING' }],
  ] as const)('is the end when %s', async (_name, changes) => {
    client.refusals = ['stale'];
    client.job = held(changes as Partial<FullJobRecord>);
    reporter.send({ status: 'LOADING_SNAPSHOT' });
    await clock.settle();
    expect(lost).toHaveLength(1);
    reporter.send({ status: 'WORKING' });
    await expect(reporter.deliver({ status: 'ERROR' })).resolves.toBe('lost');
    expect(client.sent).toEqual([]);
  });

  it('is the end when the job does not exist any more', async () => {
    client.refusals = ['stale'];
    await expect(reporter.deliver({ status: 'COMPLETE' })).resolves.toBe('lost');
  });

  it('again and again means that two workers have one name', async () => {
    client.refusals = Array.from({ length: 10 }, () => 'stale' as const);
    client.job = held({});
    reporter.send({ status: 'LOADING_SNAPSHOT' });
    await clock.settle();
    expect(lost).toEqual([expect.stringContaining('another worker of the same name')]);
  });
});

describe('giving back', () => {
  const RETURN: JobUpdate = { status: 'WAITING_4_WORKER', error_cause: 'interrupted' };

  it('goes before all that waits', async () => {
    client.refusals = ['unreachable'];
    reporter.progress({ status: 'WORKING', last_block_processed: 1100 });
    await clock.settle();
    await expect(reporter.giveBack(RETURN, 3000)).resolves.toBe('accepted');
    expect(client.sent).toEqual(['WAITING_4_WORKER - "v1"']);
  });

  it('is given up when the time is over', async () => {
    client.refusals = Array.from({ length: 20 }, () => 'unreachable' as const);
    const delivery = reporter.giveBack(RETURN, 3000);
    await clock.advance(3000);
    await expect(delivery).resolves.toBe('undelivered');
  });

  it('of a job that has gone to someone else does nothing', async () => {
    client.refusals = ['stale'];
    client.job = held({ worker_id: 'other' });
    await expect(reporter.giveBack(RETURN, 3000)).resolves.toBe('lost');
  });
});

describe('a job that the orchestrator has no more, because it is at another run', () => {
  it('is lost with the first report, also one of progress alone', async () => {
    client.refusals = ['not-found'];
    client.says = 'it answered 404: Could not find job';
    reporter.progress({ status: 'WORKING', last_block_processed: 1100 });
    await clock.settle();
    expect(lost).toEqual(['the orchestrator does not know it any more: it is at another run']);
    await expect(reporter.deliver({ status: 'COMPLETE', actual_integrity_hash: HASH })).resolves.toBe('lost');
  });

  it('is not lost over a 404 in other words, as a proxy gives it', async () => {
    client.refusals = ['not-found'];
    client.says = 'it answered 404: no such page';
    reporter.progress({ status: 'WORKING', last_block_processed: 1100 });
    await clock.settle();
    expect(lost).toEqual([]);
  });
});
