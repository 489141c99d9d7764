import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { AttemptFailure } from '../../../src/core/domain/attempt-failure.ts';
import { ExitCode } from '../../../src/core/domain/exit-codes.ts';
import { UserError } from '../../../src/core/domain/user-error.ts';
import { orchestratorClient } from '../../../src/core/protocol/client.ts';
import { REFUSED_MS } from '../../../src/core/worker/attempt.ts';
import { HostEnds } from '../../../src/core/worker/life/host-ends.ts';
import { settleLeftoverJob } from '../../../src/core/worker/leftover-job.ts';
import {
  createAttemptScene,
  enterReplay,
  HASH,
  replayAtOnce,
  START_HASH,
  untilAborted,
} from './support/attempt-scene.ts';
import type { AttemptScene } from './support/attempt-scene.ts';

let scene: AttemptScene;

beforeEach(async () => {
  scene = await createAttemptScene();
});

const FAILED = new AttemptFailure('stalled', 'nothing moves');

function heldJobFile(): string {
  return join(scene.deps.dataDir, 'held-job.json');
}

describe('given all goes well', () => {
  it('reports each state in order, and the start hash before WORKING', async () => {
    await expect(scene.run()).resolves.toBe('complete');
    expect(scene.sent).toEqual([
      'POST /job STARTED',
      'POST /job LOADING_SNAPSHOT',
      'POST /config',
      'POST /job WORKING',
      'POST /job COMPLETE',
    ]);
    expect(await scene.job()).toMatchObject({
      status: 'COMPLETE',
      actual_integrity_hash: HASH,
      nodeos_version: 'v1.2.2',
      worker_id: 'worker-1',
    });
    expect(existsSync(heldJobFile())).toBe(false);
  });

  it('posts no start hash for a slice from genesis', async () => {
    scene = await createAttemptScene({ fromGenesis: true });
    scene.tools.start = async () => ({ kind: 'genesis', path: '/genesis.json' });
    await expect(scene.run()).resolves.toBe('complete');
    expect(scene.sent).toEqual(['POST /job STARTED', 'POST /job WORKING', 'POST /job COMPLETE']);
  });

  it('gives signs of life while nothing changes', async () => {
    scene.deps.progressIntervalMs = 1;
    scene.tools.replay = async (run) => {
      enterReplay(run);
      while (scene.sent.filter((name) => name === 'POST /job WORKING').length < 3) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      return { head: run.endBlock, hash: HASH, startHash: START_HASH, finalHashBy: 'on-stop' };
    };
    await expect(scene.run()).resolves.toBe('complete');
    expect((await scene.job()).attempts).toHaveLength(1);
  });
});

describe('what nodeos prints', () => {
  const logOf = async (): Promise<string | null> => scene.client.jobLog({ jobId: 1, attempt: 1 });

  it('is with the orchestrator before the result, whatever that is', async () => {
    scene.tools.replay = async (run) => {
      run.onLogLine?.('info  nodeos says');
      return replayAtOnce(run);
    };
    await expect(scene.run()).resolves.toBe('complete');
    expect(scene.sent.slice(-2)).toEqual(['POST /job/log', 'POST /job COMPLETE']);
    expect(await logOf()).toBe('info  nodeos says\n');
  });

  it('is there while it runs', async () => {
    let seen: string | null = null;
    scene.tools.replay = async (run) => {
      run.onLogLine?.('info  nodeos says');
      while (!scene.sent.includes('POST /job/log')) await new Promise((resolve) => setImmediate(resolve));
      seen = await logOf();
      throw FAILED;
    };
    await expect(scene.run()).resolves.toBe('failed');
    expect(seen).toBe('info  nodeos says\n');
  });

  it('is done without where it does not arrive', async () => {
    scene.network = (request) => (request === 'POST /job/log' ? 'down' : 'up');
    scene.tools.replay = async (run) => {
      run.onLogLine?.('info  nodeos says');
      return replayAtOnce(run);
    };
    await expect(scene.run()).resolves.toBe('complete');
    expect(await logOf()).toBeNull();
  });
});

describe('given the orchestrator does not accept this host any more', () => {
  let now = 0;

  /** Each request takes a minute to be refused, until so many milliseconds have passed. */
  const refuse = (untilMs: number, of: (request: string) => boolean = () => true): void => {
    scene.network = (request) => {
      if (now >= untilMs || !of(request)) return 'up';
      now += 60_000;
      return 'refused';
    };
  };

  beforeEach(() => {
    now = 0;
    scene.deps.clock = { ...scene.deps.clock, now: () => now };
    scene.leaseSeconds = 120;
    scene.deps.progressIntervalMs = 10_000;
  });

  it('stops its work after a quarter of an hour, and nothing of it is kept', async () => {
    let busy = false;
    scene.deps.busy = (isBusy) => (busy = isBusy);
    scene.tools.replay = async (run) => {
      enterReplay(run);
      refuse(10 * REFUSED_MS);
      return untilAborted(run.signal);
    };
    await expect(scene.run()).resolves.toBe('lost');
    expect([busy, existsSync(heldJobFile())]).toEqual([false, false]);
    expect(now).toBeGreaterThanOrEqual(REFUSED_MS);
    expect(now).toBeLessThan(2 * REFUSED_MS);
  });

  it('goes on when that passes', async () => {
    scene.tools.replay = async (run) => {
      refuse(REFUSED_MS - 60_000);
      const done = await replayAtOnce(run);
      while (scene.sent.at(-1) !== 'POST /job WORKING') await new Promise((resolve) => setImmediate(resolve));
      return done;
    };
    await expect(scene.run()).resolves.toBe('complete');
    expect(now).toBe(REFUSED_MS - 60_000);
  });

  it('keeps a finished result, and offers it for as long as it is there', async () => {
    refuse(10 * REFUSED_MS, (request) => request === 'POST /job COMPLETE');
    await expect(scene.run()).resolves.toBe('complete');
    expect(now).toBe(10 * REFUSED_MS);
    expect(await scene.job()).toMatchObject({ status: 'COMPLETE' });
  });
});

describe('given nothing moves for long', () => {
  /** Waits until the orchestrator was told so often that the attempt lives. */
  const untilSent = async (name: string, times: number): Promise<void> => {
    while (scene.sent.filter((each) => each === name).length < times) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  beforeEach(() => {
    // Every pause but those for ever is over at once.
    scene.leaseSeconds = 1;
  });

  it.each(['nodeos', 'start', 'blocks'] as const)('in %s, the lease is kept', async (tool) => {
    const original = scene.tools[tool] as (...args: unknown[]) => Promise<unknown>;
    scene.tools = {
      ...scene.tools,
      [tool]: async (...args: unknown[]) => {
        await untilSent('POST /job STARTED', 4);
        return original(...args);
      },
    };
    await expect(scene.run()).resolves.toBe('complete');
  });

  it.each([
    ['load', 'POST /job LOADING_SNAPSHOT'],
    ['replay', 'POST /job WORKING'],
    ['hash', 'POST /job WORKING'],
  ] as const)('in the stage %s of nodeos, the lease is kept', async (stage, name) => {
    scene.tools.replay = async (run) => {
      run.onStage('load');
      if (stage === 'load') await untilSent(name, 4);
      enterReplay(run);
      if (stage === 'hash') run.onStage('hash');
      if (stage !== 'load') await untilSent(name, 4);
      return { head: run.endBlock, hash: HASH, startHash: START_HASH, finalHashBy: 'on-stop' };
    };
    await expect(scene.run()).resolves.toBe('complete');
    expect(scene.sent.at(-1)).toBe('POST /job COMPLETE');
  });
});

describe('given a stage fails', () => {
  it.each([
    [
      'nodeos',
      new AttemptFailure('install', 'no package', { hint: 'Check the version' }),
      'install',
      'install',
    ],
    ['nodeos', new TypeError('x is not a function'), 'install', 'install'],
    ['start', new AttemptFailure('corrupt-snapshot', 'damaged'), 'corrupt-snapshot', 'fetch'],
    ['start', Object.assign(new Error('write'), { code: 'ENOSPC' }), 'disk-full', 'fetch'],
    ['blocks', new AttemptFailure('blocks-log', 'a gap'), 'blocks-log', 'fetch'],
    ['blocks', new Error('odd'), 'download', 'fetch'],
    ['replay', new AttemptFailure('nodeos-crash', 'exit 254'), 'nodeos-crash', 'load'],
    ['replay', FAILED, 'stalled', 'load'],
    ['replay', new UserError({ code: 'X', message: 'wrong option' }), 'bad-job', 'load'],
  ] as const)('%s with %s: the job ends as ERROR with the cause %s', async (tool, error, cause, stage) => {
    scene.tools = { ...scene.tools, [tool]: () => Promise.reject(error) };
    await expect(scene.run()).resolves.toBe('failed');
    const job = await scene.job();
    expect(job).toMatchObject({ status: 'ERROR', error_cause: cause, stage });
    expect(job.error_message).toContain(error.message);
  });

  it('adds the hint to the message', async () => {
    const failure = new AttemptFailure('install', 'No package is known.', { hint: 'Check the version.' });
    scene.tools.nodeos = () => Promise.reject(failure);
    await scene.run();
    expect((await scene.job()).error_message).toBe('No package is known. Check the version.');
  });

  it('stops the others, and waits for them', async () => {
    const ended: string[] = [];
    const aborted =
      (name: string) =>
      async (_job: unknown, { signal }: { signal: AbortSignal }) => {
        await untilAborted(signal).catch(() => ended.push(name));
        throw new Error(`${name} was aborted`);
      };
    scene.tools = { ...scene.tools, nodeos: aborted('nodeos'), blocks: aborted('blocks') };
    scene.tools.start = () => Promise.reject(new AttemptFailure('download', 'no snapshot'));
    await expect(scene.run()).resolves.toBe('failed');
    expect(ended.toSorted()).toEqual(['blocks', 'nodeos']);
    expect(await scene.job()).toMatchObject({ error_cause: 'download', error_message: 'no snapshot' });
  });
});

describe('given the job goes to someone else', () => {
  it('before the claim, nothing is done', async () => {
    const offer = await scene.offer();
    const other = orchestratorClient({ baseUrl: scene.client.baseUrl, workerId: 'other' });
    await other.update(offer.job.job_id, offer.etag, { status: 'STARTED' });
    await expect(scene.run(offer)).resolves.toBe('taken');
    expect(await scene.job()).toMatchObject({ status: 'STARTED', worker_id: 'other' });
    expect(existsSync(heldJobFile())).toBe(false);
  });

  it('before the claim, to another worker of the same name, nothing is done either', async () => {
    const offer = await scene.offer();
    const claim = { status: 'STARTED', stage: 'install', claim_id: 'of another process' } as const;
    await scene.client.update(offer.job.job_id, offer.etag, claim);
    await expect(scene.run(offer)).resolves.toBe('taken');
    expect(await scene.job()).toMatchObject({ status: 'STARTED', attempt: 1 });
  });

  it('in the middle, nodeos is stopped and nothing is reported any more', async () => {
    let stopped = false;
    scene.tools.replay = async (run) => {
      const held = await scene.client.getJob((await scene.job()).job_id);
      await scene.client.update(held?.job.job_id ?? 0, held?.etag ?? '', { status: 'WAITING_4_WORKER' });
      enterReplay(run);
      await untilAborted(run.signal).catch(() => {
        stopped = true;
      });
      throw new Error('aborted');
    };
    await expect(scene.run()).resolves.toBe('lost');
    expect(stopped).toBe(true);
    expect(await scene.job()).toMatchObject({ status: 'WAITING_4_WORKER', error_cause: null });
    expect(existsSync(heldJobFile())).toBe(false);
  });

  it('while the result is under way, the result is dropped', async () => {
    scene.tools.replay = async () => {
      const held = await scene.client.getJob((await scene.job()).job_id);
      await scene.client.update(held?.job.job_id ?? 0, held?.etag ?? '', { status: 'WAITING_4_WORKER' });
      throw FAILED;
    };
    await expect(scene.run()).resolves.toBe('lost');
    expect(await scene.job()).toMatchObject({ status: 'WAITING_4_WORKER' });
  });
});

describe('given answers are lost', () => {
  it.each(['STARTED', 'LOADING_SNAPSHOT', 'WORKING', 'COMPLETE'])(
    'the one to %s, the attempt goes on',
    async (status) => {
      let left = 1;
      scene.network = (request) => (request === `POST /job ${status}` && left-- > 0 ? 'answer-lost' : 'up');
      await expect(scene.run()).resolves.toBe('complete');
      const job = await scene.job();
      expect(job).toMatchObject({ status: 'COMPLETE', actual_integrity_hash: HASH });
      expect(job.attempts).toHaveLength(1);
    },
  );

  it('the one to ERROR, the failure is reported once', async () => {
    let left = 1;
    scene.network = (request) => (request === 'POST /job ERROR' && left-- > 0 ? 'answer-lost' : 'up');
    scene.tools.replay = () => Promise.reject(FAILED);
    await expect(scene.run()).resolves.toBe('failed');
    expect((await scene.job()).attempts).toHaveLength(1);
  });
});

describe('given the orchestrator is away in the middle', () => {
  it('nodeos goes on, and all is reported when it is back', async () => {
    let away = false;
    scene.network = () => (away ? 'down' : 'up');
    scene.tools.replay = async (run) => {
      away = true;
      const outcome = await replayAtOnce(run);
      away = false;
      return outcome;
    };
    await expect(scene.run()).resolves.toBe('complete');
    expect(scene.sent.slice(1)).toEqual([
      'POST /job LOADING_SNAPSHOT',
      'POST /config',
      'POST /job WORKING',
      'POST /job COMPLETE',
    ]);
  });

  it('and the worker is told to stop, its result is kept and sent at the next start', async () => {
    scene.network = (request) => {
      if (request !== 'POST /job COMPLETE') return 'up';
      scene.controller.abort(new Error('SIGINT'));
      return 'down';
    };
    await expect(scene.run()).resolves.toBe('interrupted');
    expect(await scene.job()).toMatchObject({ status: 'WORKING' });
    expect(existsSync(heldJobFile())).toBe(true);

    scene.network = () => 'up';
    const notices: string[] = [];
    const signal = new AbortController().signal;
    await settleLeftoverJob({ ...scene.deps, signal, notice: (text) => notices.push(text) });
    expect(await scene.job()).toMatchObject({ status: 'COMPLETE', actual_integrity_hash: HASH });
    expect(notices).toEqual(["Job 1 of the worker's last run: reported."]);
    expect(existsSync(heldJobFile())).toBe(false);
  });
});

describe('given a note on the disk', () => {
  const untilDelivered = (): void => {
    scene.network = (request) => {
      if (request !== 'POST /job COMPLETE') return 'up';
      scene.controller.abort(new Error('SIGTERM'));
      return 'down';
    };
  };
  const settle = async (): Promise<string[]> => {
    const notices: string[] = [];
    const signal = new AbortController().signal;
    await settleLeftoverJob({ ...scene.deps, signal, notice: (text) => notices.push(text) });
    return notices;
  };

  it('that could not be removed after the result was accepted does no harm', async () => {
    const kept = { text: '' };
    scene.network = (request) => {
      if (request === 'POST /job COMPLETE') kept.text = readFileSync(heldJobFile(), 'utf8');
      return 'up';
    };
    await expect(scene.run()).resolves.toBe('complete');
    await writeFile(heldJobFile(), kept.text);
    expect(await settle()).toEqual(["Job 1 of the worker's last run: reported."]);
    expect(await scene.job()).toMatchObject({ status: 'COMPLETE', attempts: [{ late_results: [] }] });
    expect(existsSync(heldJobFile())).toBe(false);
  });

  it('of a result for a run that is gone is shown, and forgotten', async () => {
    untilDelivered();
    await scene.run();
    const held = JSON.parse(await readFile(heldJobFile(), 'utf8')) as object;
    await writeFile(heldJobFile(), JSON.stringify({ ...held, etag: '"other"', endBlock: 999_999 }));
    scene.network = () => 'up';
    expect(await settle()).toEqual([
      `Job 1 of the worker's last run: not ours any more; its result was COMPLETE ${HASH}.`,
    ]);
    expect(existsSync(heldJobFile())).toBe(false);
  });

  it('of a job that does not exist any more is forgotten', async () => {
    untilDelivered();
    await scene.run();
    const held = JSON.parse(await readFile(heldJobFile(), 'utf8')) as object;
    await writeFile(heldJobFile(), JSON.stringify({ ...held, jobId: 4711, result: null }));
    scene.network = () => 'up';
    expect(await settle()).toEqual(["Job 4711 of the worker's last run: not ours any more."]);
  });

  it.each(['', '{"jobId": 1', 'null', '{"jobId": "1", "attempt": 1, "etag": "x"}'])(
    'that reads %j is forgotten',
    async (text) => {
      await writeFile(heldJobFile(), text);
      expect(await settle()).toEqual([]);
      expect(existsSync(heldJobFile())).toBe(false);
    },
  );

  it('stays when the orchestrator does not accept us', async () => {
    untilDelivered();
    await scene.run();
    scene.network = () => 'refused';
    await expect(settle()).rejects.toMatchObject({ exitCode: ExitCode.unreachable });
    expect(existsSync(heldJobFile())).toBe(true);
  });

  it('that does not fit on the disk takes the place of the chain state', async () => {
    scene.tools.replay = async (run) => {
      await mkdir(join(run.directory, 'data'));
      // Nothing can be put in the place of a folder that is not empty.
      await rm(heldJobFile());
      await mkdir(join(heldJobFile(), 'full'), { recursive: true });
      return replayAtOnce(run);
    };
    const states: boolean[] = [];
    const folder = join(scene.deps.dataDir, 'attempts', 'job-1-attempt-1', 'data');
    scene.network = (request) => {
      if (request === 'POST /job COMPLETE') states.push(existsSync(folder));
      return 'up';
    };
    await expect(scene.run()).resolves.toBe('complete');
    expect(states).toEqual([false]);
    expect(await scene.job()).toMatchObject({ status: 'COMPLETE' });
  });
});

describe('given the worker is told to stop', () => {
  it('while nodeos runs, it ends nodeos and gives the job back', async () => {
    scene.tools.replay = async (run) => {
      enterReplay(run);
      const stopped = untilAborted(run.signal);
      scene.controller.abort(new Error('SIGTERM'));
      return stopped;
    };
    await expect(scene.run()).resolves.toBe('interrupted');
    const job = await scene.job();
    expect(job).toMatchObject({ status: 'WAITING_4_WORKER', worker_id: null });
    expect(job.attempts[0]).toMatchObject({
      outcome: 'RETURNED',
      error_cause: 'interrupted',
      worker_id: 'worker-1',
    });
    expect(existsSync(heldJobFile())).toBe(false);
  });

  it('while it claims, it gives back what it may have claimed', async () => {
    scene.network = (request) => {
      if (request !== 'POST /job STARTED') return 'up';
      scene.controller.abort(new Error('SIGINT'));
      return 'answer-lost';
    };
    await expect(scene.run()).resolves.toBe('interrupted');
    expect(await scene.job()).toMatchObject({ status: 'WAITING_4_WORKER', worker_id: null });
  });

  it('and the orchestrator is away, the job is given back at the next start', async () => {
    let away = false;
    scene.network = () => (away ? 'down' : 'up');
    scene.tools.replay = async (run) => {
      away = true;
      scene.controller.abort(new Error('SIGINT'));
      run.signal.throwIfAborted();
      return { head: run.endBlock, hash: HASH, startHash: START_HASH, finalHashBy: 'on-stop' };
    };
    await expect(scene.run()).resolves.toBe('interrupted');
    expect(await scene.job()).toMatchObject({ status: 'STARTED' });

    away = false;
    await settleLeftoverJob({ ...scene.deps, signal: new AbortController().signal, notice: () => {} });
    expect(await scene.job()).toMatchObject({ status: 'WAITING_4_WORKER' });
  });
});

describe('given a job is left over that someone else holds by now', () => {
  it('theirs is left alone', async () => {
    let away = false;
    scene.network = () => (away ? 'down' : 'up');
    scene.tools.replay = async (run) => {
      away = true;
      scene.controller.abort(new Error('SIGINT'));
      run.signal.throwIfAborted();
      return replayAtOnce(run);
    };
    await scene.run();
    const held = await scene.client.getJob(1);
    const put = await scene.client.update(1, held?.etag ?? '', { status: 'WAITING_4_WORKER' });
    const other = orchestratorClient({ baseUrl: scene.client.baseUrl, workerId: 'other' });
    await other.update(1, put, { status: 'STARTED' });

    away = false;
    const notices: string[] = [];
    const signal = new AbortController().signal;
    await settleLeftoverJob({ ...scene.deps, signal, notice: (text) => notices.push(text) });
    expect(await scene.job()).toMatchObject({ status: 'STARTED', worker_id: 'other' });
    expect(notices).toEqual(["Job 1 of the worker's last run: given back."]);
  });
});

it('tells the orchestrator what the snapshot gave, for the slice that ends there', async () => {
  scene.tools.replay = async (run) => replayAtOnce(run);
  await scene.run();
  const second = await scene.offer();
  await scene.run(second);
  const jobs = await scene.client.status();
  expect(jobs[0]).toMatchObject({ expected_integrity_hash: START_HASH, status: 'HASH_MISMATCH' });
});

describe('whether the host is at work', () => {
  it('is told from the claim to the end of the work, and no longer', async () => {
    const told: string[] = [];
    const claimed = (): boolean => scene.sent.includes('POST /job STARTED');
    const reported = (): boolean => scene.sent.includes('POST /job COMPLETE');
    scene.deps.busy = (isBusy) => void told.push(`${isBusy} ${claimed()} ${reported()}`);
    await scene.run();
    expect(told).toEqual(['true true false', 'false true false']);
  });

  it('is told also when it fails', async () => {
    const told: boolean[] = [];
    scene.deps.busy = (isBusy) => void told.push(isBusy);
    scene.tools.nodeos = async () => {
      throw FAILED;
    };
    await scene.run();
    expect(told).toEqual([true, false]);
  });
});

describe('given the host ends', () => {
  it('the job is given back with the reason', async () => {
    scene.tools.replay = async (run) => {
      enterReplay(run);
      const aborted = untilAborted(run.signal);
      scene.controller.abort(new HostEnds('reclaimed', 'EC2 interrupts this spot instance'));
      return aborted;
    };
    await expect(scene.run()).resolves.toBe('interrupted');
    expect((await scene.job()).attempts[0]).toMatchObject({
      outcome: 'RETURNED',
      error_cause: 'interrupted',
      error_message: 'The host of the worker worker-1 ends: EC2 interrupts this spot instance.',
    });
  });
});

describe('given the host ends while the orchestrator is away', () => {
  const reclaimed = new HostEnds('reclaimed', 'EC2 interrupts this spot instance');
  let now = 0;

  beforeEach(() => {
    now = 0;
    scene.deps.clock = {
      now: () => now,
      random: () => 0.5,
      sleep: async (ms, signal) => {
        await new Promise((done) => setImmediate(done));
        if (ms < 60_000) now += ms;
        else if (signal?.aborted === false) await once(signal, 'abort');
      },
    };
  });

  const awayFor = (seconds: number): void => {
    scene.network = () => (now < seconds * 1000 ? 'down' : 'up');
  };

  it('the job is given back when it is there again, well inside the two minutes', async () => {
    scene.tools.replay = async (run) => {
      enterReplay(run);
      const aborted = untilAborted(run.signal);
      awayFor(60);
      scene.controller.abort(reclaimed);
      return aborted;
    };
    await expect(scene.run()).resolves.toBe('interrupted');
    expect((await scene.job()).attempts[0]).toMatchObject({ error_cause: 'interrupted' });
  });

  it('so is a result that was found before', async () => {
    scene.tools.replay = async (run) => {
      const done = await replayAtOnce(run);
      awayFor(60);
      scene.controller.abort(reclaimed);
      return done;
    };
    await scene.run();
    expect(await scene.job()).toMatchObject({ status: 'COMPLETE', actual_integrity_hash: HASH });
  });

  it('not for longer than it has', async () => {
    scene.tools.replay = async (run) => {
      enterReplay(run);
      const aborted = untilAborted(run.signal);
      awayFor(Number.POSITIVE_INFINITY);
      scene.controller.abort(reclaimed);
      return aborted;
    };
    await expect(scene.run()).resolves.toBe('interrupted');
    scene.network = () => 'up';
    expect(await scene.job()).toMatchObject({ worker_id: 'worker-1' });
  });
});
