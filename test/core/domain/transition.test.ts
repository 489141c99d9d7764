import { describe, expect, it } from 'vitest';
import { JOB_STATUSES } from '../../../src/core/domain/job.ts';
import type { Job, JobStatus } from '../../../src/core/domain/job.ts';
import { decideUpdate, isFinal, isHeld, MOVES, parseStatus } from '../../../src/core/domain/transition.ts';
import type { Decision, JobUpdateInput } from '../../../src/core/domain/transition.ts';
import { aJob, CREATED, hash, NOW } from './builders.ts';

const HOST = { workerId: 'host-1' };
const LATER = '2026-11-22T12:00:00';

function decide(
  job: Job,
  update: JobUpdateInput,
  now = NOW,
  caller: { workerId: string | null } = HOST,
): Decision {
  return decideUpdate(job, update, caller, now);
}

function after(job: Job, ...updates: JobUpdateInput[]): Job {
  return updates.reduce((current, update) => {
    const decision = decide(current, update);
    if (decision.kind === 'rejected') throw new Error(decision.reason);
    return decision.job;
  }, job);
}

const CLAIM: JobUpdateInput = { status: 'STARTED' };
const LOADING: JobUpdateInput = { status: 'LOADING_SNAPSHOT' };
const WORKING: JobUpdateInput = { status: 'WORKING' };
const COMPLETE: JobUpdateInput = { status: 'COMPLETE', actualHash: hash('a') };
const BACK: JobUpdateInput = { status: 'WAITING_4_WORKER' };

/** A job in each state, on the way that jobs take. */
const IN: Record<JobStatus, Job> = {
  WAITING_4_WORKER: aJob(),
  STARTED: after(aJob(), CLAIM),
  LOADING_SNAPSHOT: after(aJob(), CLAIM, LOADING),
  WORKING: after(aJob(), CLAIM, LOADING, WORKING),
  COMPLETE: after(aJob(), CLAIM, LOADING, WORKING, COMPLETE),
  HASH_MISMATCH: { ...after(aJob(), CLAIM, WORKING, COMPLETE), status: 'HASH_MISMATCH', verdict: 'MISMATCH' },
  ERROR: after(aJob(), CLAIM, { status: 'ERROR', errorCause: 'disk-full', errorMessage: 'no space' }),
  TIMEOUT: after(aJob(), CLAIM, { status: 'TIMEOUT' }),
};

describe('a claim that has a name of its own', () => {
  const claim = (claimId?: string): JobUpdateInput => ({ ...CLAIM, ...(claimId ? { claimId } : {}) });
  const claimed = after(aJob(), claim('one'));

  it('is sent again when its answer was lost', () => {
    expect(decide(claimed, claim('one')).kind).toBe('unchanged');
  });

  it('is refused when another worker of the same name holds the job by one', () => {
    expect(decide(claimed, claim('two'))).toMatchObject({ kind: 'rejected', code: 'BAD_MOVE' });
  });

  it.each([
    ['the job waits again', after(claimed, BACK), claim('two')],
    ['the first one had none, as of older clients', after(aJob(), claim()), claim('two')],
    ['it has none itself', claimed, claim()],
  ])('is not refused when %s', (_when, job, update) => {
    expect(decide(job, update).kind).not.toBe('rejected');
  });
});

describe('a move', () => {
  const all = JOB_STATUSES.flatMap((from) => JOB_STATUSES.map((to) => ({ from, to })));
  const byClient = ({ from, to }: { from: JobStatus; to: JobStatus }): boolean =>
    MOVES[from].includes(to) && to !== 'HASH_MISMATCH' && from !== 'HASH_MISMATCH';

  it.each([...all.filter(byClient), { from: 'HASH_MISMATCH', to: 'WAITING_4_WORKER' } as const])(
    'from $from to $to is allowed',
    ({ from, to }) => {
      const decision = decide(IN[from], { status: to, actualHash: hash('a'), lastBlockProcessed: 150 });
      expect(decision).toMatchObject({
        kind: 'changed',
        job: { status: to, revision: IN[from].revision + 1 },
      });
    },
  );

  const refused = all.filter(
    (move) =>
      !byClient(move) &&
      move.from !== move.to &&
      !(move.from === 'HASH_MISMATCH' && move.to === 'WAITING_4_WORKER'),
  );

  it.each(refused)('from $from to $to is refused, and both are named', ({ from, to }) => {
    const decision = decide(IN[from], { status: to, actualHash: hash('a') });
    expect(decision).toMatchObject({
      kind: 'rejected',
      code: 'BAD_MOVE',
      reason: expect.stringContaining(`job 102 cannot go from ${from} to ${to}: `) as string,
    });
  });

  it('that is refused says what would be allowed', () => {
    expect(decide(IN.LOADING_SNAPSHOT, CLAIM)).toMatchObject({
      reason:
        'job 102 cannot go from LOADING_SNAPSHOT to STARTED: from LOADING_SNAPSHOT a job may become WORKING, COMPLETE, ERROR, TIMEOUT, WAITING_4_WORKER',
    });
  });

  it('to HASH_MISMATCH is the orchestrator’s alone, even a second time', () => {
    expect(decide(IN.HASH_MISMATCH, { status: 'HASH_MISMATCH' })).toMatchObject({
      kind: 'rejected',
      code: 'BAD_MOVE',
    });
  });

  it('to the same state changes nothing', () => {
    for (const status of JOB_STATUSES.filter((other) => other !== 'HASH_MISMATCH')) {
      expect(decide(IN[status], { status }, LATER)).toEqual({ kind: 'unchanged', job: IN[status] });
    }
  });
});

describe('a claim', () => {
  it('opens an attempt', () => {
    const update = { ...CLAIM, instanceId: 'i-1', nodeosVersion: 'v1.2.2', stage: 'install' as const };
    const job = after(aJob(), update);
    expect(job).toMatchObject({
      status: 'STARTED',
      startTime: NOW,
      endTime: null,
      workerId: 'host-1',
      instanceId: 'i-1',
      nodeosVersion: 'v1.2.2',
      stage: 'install',
      lastBlockProcessed: 0,
      revision: 2,
    });
    expect(job.attempts).toEqual([
      {
        number: 1,
        workerId: 'host-1',
        instanceId: 'i-1',
        startTime: NOW,
        endTime: null,
        outcome: null,
        cause: null,
        message: null,
        lastBlockProcessed: 0,
        actualHash: null,
        nodeosVersion: 'v1.2.2',
        stageTimes: {},
      },
    ]);
  });

  it('takes the time that the worker gives', () => {
    expect(after(aJob(), { ...CLAIM, startTime: '2026-11-22T11:00:00Z' }).startTime).toBe(
      '2026-11-22T11:00:00',
    );
  });

  it('does not take the time of the job’s creation, which a client repeats with the whole record', () => {
    expect(after(aJob(), { ...CLAIM, startTime: CREATED }).startTime).toBe(NOW);
  });

  it('leaves nothing of the attempt before it, but in the list', () => {
    const failed = after(
      aJob(),
      CLAIM,
      { ...WORKING, lastBlockProcessed: 150, stage: 'replay', blocksPerSecond: 10, nodeosVersion: 'v1.2.2' },
      { status: 'ERROR', errorCause: 'nodeos-crash', errorMessage: 'exit 254' },
      BACK,
    );
    const again = decide(failed, CLAIM, LATER, { workerId: 'host-2' });
    expect(again).toMatchObject({
      kind: 'changed',
      job: {
        startTime: LATER,
        endTime: null,
        lastBlockProcessed: 0,
        actualHash: null,
        errorCause: null,
        errorMessage: null,
        stage: null,
        blocksPerSecond: null,
        nodeosVersion: null,
        workerId: 'host-2',
        attempts: [
          {
            number: 1,
            workerId: 'host-1',
            outcome: 'ERROR',
            lastBlockProcessed: 150,
            nodeosVersion: 'v1.2.2',
          },
          { number: 2, workerId: 'host-2', outcome: null, lastBlockProcessed: 0, nodeosVersion: null },
        ],
      },
    });
  });

  it('cannot be repeated by somebody else', () => {
    for (const job of [IN.STARTED, IN.LOADING_SNAPSHOT]) {
      expect(decide(job, { status: job.status }, NOW, { workerId: 'host-2' })).toEqual({
        kind: 'rejected',
        code: 'BAD_MOVE',
        reason: `job 102 cannot go from ${job.status} to ${job.status}: it is held by host-1`,
      });
    }
  });

  it('can be repeated by a caller that is not known', () => {
    expect(decide(IN.STARTED, CLAIM, NOW, { workerId: null }).kind).toBe('unchanged');
  });
});

describe('progress', () => {
  it('is kept on the job and on its attempt', () => {
    const update = { ...WORKING, lastBlockProcessed: 150, blocksPerSecond: 12.5, nodeosVersion: 'v1.2.2' };
    const job = after(
      IN.WORKING,
      { ...update, stageTimes: { load: 1000 } },
      { ...WORKING, stageTimes: { replay: 2000 } },
    );
    expect(job).toMatchObject({
      lastBlockProcessed: 150,
      blocksPerSecond: 12.5,
      attempts: [
        { lastBlockProcessed: 150, nodeosVersion: 'v1.2.2', stageTimes: { load: 1000, replay: 2000 } },
      ],
    });
  });

  it('that says nothing new changes nothing', () => {
    const update = { ...WORKING, lastBlockProcessed: 150, stage: 'replay' as const, stageTimes: { load: 1 } };
    const job = after(IN.WORKING, update);
    expect(decide(job, { ...update, blocksPerSecond: null, actualHash: '' }, LATER)).toEqual({
      kind: 'unchanged',
      job,
    });
  });

  it('reaches a job that is still fetching', () => {
    expect(after(IN.STARTED, { ...CLAIM, stage: 'fetch' })).toMatchObject({
      status: 'STARTED',
      stage: 'fetch',
    });
  });

  it('implies the stage for clients that name none', () => {
    expect(IN.LOADING_SNAPSHOT.stage).toBe('load');
    expect(IN.WORKING.stage).toBe('replay');
    expect(
      after(IN.WORKING, { ...WORKING, stage: 'hash' }, { ...WORKING, lastBlockProcessed: 200 }).stage,
    ).toBe('hash');
  });
});

describe('COMPLETE', () => {
  it('ends the attempt with its hash', () => {
    const job = after(IN.WORKING, { status: 'COMPLETE', actualHash: 'A'.padEnd(64, '0') });
    expect(job).toMatchObject({
      status: 'COMPLETE',
      actualHash: hash('a'),
      endTime: NOW,
      lastBlockProcessed: 200,
      verdict: null,
      stage: null,
      attempts: [{ outcome: 'COMPLETE', endTime: NOW, actualHash: hash('a'), lastBlockProcessed: 200 }],
    });
  });

  it('takes the time and the block that the worker gives', () => {
    const job = after(IN.WORKING, {
      ...COMPLETE,
      endTime: '2026-11-22T11:15:00.250',
      lastBlockProcessed: 199,
    });
    expect(job).toMatchObject({ endTime: '2026-11-22T11:15:00', lastBlockProcessed: 199 });
  });

  it('means the end block, when a client only repeats the number that the record had', () => {
    const job = after(
      IN.WORKING,
      { ...WORKING, lastBlockProcessed: 150 },
      { ...COMPLETE, lastBlockProcessed: 150 },
    );
    expect(job.lastBlockProcessed).toBe(200);
  });

  it.each([undefined, null, ''])('without a hash (%j) is refused: no evidence is a failure', (actualHash) => {
    expect(decide(IN.WORKING, { status: 'COMPLETE', actualHash })).toEqual({
      kind: 'rejected',
      code: 'BAD_FIELD',
      field: 'actual_integrity_hash',
      reason: 'actual_integrity_hash: COMPLETE needs the integrity hash of block 200, 64 hex digits',
    });
  });

  it('may follow the hash in a second request', () => {
    expect(after(IN.WORKING, { ...WORKING, actualHash: hash('a') }, { status: 'COMPLETE' }).actualHash).toBe(
      hash('a'),
    );
  });

  it('sent again with another hash is refused, with the same or none it is not', () => {
    expect(decide(IN.COMPLETE, { status: 'COMPLETE', actualHash: hash('b') })).toEqual({
      kind: 'rejected',
      code: 'BAD_MOVE',
      reason: `job 102 cannot go from COMPLETE to COMPLETE: it is complete with the hash ${hash('a')}, and not ${hash('b')}`,
    });
    expect(decide(IN.COMPLETE, COMPLETE).kind).toBe('unchanged');
  });
});

describe('a failure', () => {
  it('keeps its cause and message on the job and on the attempt', () => {
    const update = {
      status: 'ERROR',
      errorCause: 'nodeos-crash',
      errorMessage: 'exit 254',
      lastBlockProcessed: 150,
    } as const;
    expect(after(IN.WORKING, update)).toMatchObject({
      status: 'ERROR',
      endTime: NOW,
      errorCause: 'nodeos-crash',
      errorMessage: 'exit 254',
      lastBlockProcessed: 150,
      stage: 'replay',
      blocksPerSecond: null,
      attempts: [
        {
          outcome: 'ERROR',
          cause: 'nodeos-crash',
          message: 'exit 254',
          endTime: NOW,
          lastBlockProcessed: 150,
        },
      ],
    });
  });

  it('of an older client may come without either', () => {
    expect(after(IN.WORKING, { status: 'ERROR' })).toMatchObject({ errorCause: null, errorMessage: null });
  });

  it('by TIMEOUT is a lost host', () => {
    expect(IN.TIMEOUT).toMatchObject({
      errorCause: 'host-lost',
      attempts: [{ outcome: 'TIMEOUT', cause: 'host-lost' }],
    });
  });
});

describe('back to WAITING_4_WORKER', () => {
  it.each(JOB_STATUSES.filter(isHeld))('from %s the attempt is returned', (status) => {
    const job = after(IN[status], { ...BACK, lastBlockProcessed: 150, errorMessage: 'Ctrl-C' });
    expect(job).toMatchObject({
      status: 'WAITING_4_WORKER',
      lastBlockProcessed: 0,
      workerId: null,
      stage: null,
      endTime: null,
      errorCause: null,
      attempts: [
        {
          outcome: 'RETURNED',
          cause: 'interrupted',
          message: 'Ctrl-C',
          endTime: NOW,
          lastBlockProcessed: 150,
        },
      ],
    });
  });

  it('takes the cause that is given', () => {
    expect(after(IN.WORKING, { ...BACK, errorCause: 'host-lost' }).attempts).toMatchObject([
      { cause: 'host-lost' },
    ]);
  });

  it.each(JOB_STATUSES.filter(isFinal))(
    'from %s somebody asks for another run, and the attempt stays as it was',
    (status) => {
      const job = after(IN[status], { ...BACK, errorCause: 'interrupted' });
      expect(job).toMatchObject({
        status: 'WAITING_4_WORKER',
        verdict: null,
        actualHash: null,
        endTime: null,
        errorCause: null,
        errorMessage: null,
      });
      expect(job.attempts).toEqual(IN[status].attempts);
    },
  );
});

describe('a field', () => {
  it.each<[string, Partial<JobUpdateInput>, string]>([
    [
      'start_time',
      { startTime: 'yesterday' },
      'start_time: "yesterday" is not a UTC time of the form YYYY-MM-DDTHH:MM:SS',
    ],
    [
      'end_time',
      { endTime: '2026-02-30T00:00:00' },
      'end_time: "2026-02-30T00:00:00" is not a UTC time of the form YYYY-MM-DDTHH:MM:SS',
    ],
    [
      'actual_integrity_hash',
      { actualHash: 'abc' },
      'actual_integrity_hash: "abc" is not an integrity hash of 64 hex digits',
    ],
    ['last_block_processed', { lastBlockProcessed: -1 }, 'last_block_processed: -1 is not a block number'],
    ['last_block_processed', { lastBlockProcessed: 1.5 }, 'last_block_processed: 1.5 is not a block number'],
    [
      'blocks_per_second',
      { blocksPerSecond: Number.NaN },
      'blocks_per_second: NaN is not a rate of 0 or more',
    ],
  ])('%s that makes no sense is refused: %o', (field, fields, reason) => {
    expect(decide(IN.WORKING, { ...WORKING, ...fields })).toEqual({
      kind: 'rejected',
      code: 'BAD_FIELD',
      field,
      reason,
    });
  });
});

describe('a status', () => {
  it('is read in both spellings of LOADING_SNAPSHOT', () => {
    expect(parseStatus('SNAPSHOT_LOADING')).toBe('LOADING_SNAPSHOT');
    for (const status of JOB_STATUSES) expect(parseStatus(status)).toBe(status);
  });

  it.each(['', 'complete', 'DONE', 'toString', 'JobStatus.COMPLETE'])('is never made up: %j', (text) => {
    expect(parseStatus(text)).toBeNull();
  });
});
