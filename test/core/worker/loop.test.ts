import { beforeEach, describe, expect, it } from 'vitest';
import { ExitCode } from '../../../src/core/domain/exit-codes.ts';
import type { JobStatus } from '../../../src/core/domain/job.ts';
import { OrchestratorError } from '../../../src/core/protocol/client-error.ts';
import type { OrchestratorErrorKind } from '../../../src/core/protocol/client-error.ts';
import type { VersionedJob } from '../../../src/core/protocol/client-job.ts';
import type { SummaryRecord } from '../../../src/core/protocol/summary-record.ts';
import { runLoop } from '../../../src/core/worker/loop.ts';
import type { AttemptEnd, LoopEnd, LoopOptions, LoopPorts } from '../../../src/core/worker/loop.ts';
import { fullRecord } from '../protocol/records.ts';
import { ManualClock } from './support/manual-clock.ts';

type Answer = 'job' | 'none' | OrchestratorErrorKind;

class Scene {
  readonly clock = new ManualClock();
  readonly controller = new AbortController();
  /** What the orchestrator answers, in turn; the last one again and again. */
  answers: Answer[] = ['none'];
  ends: AttemptEnd[] = [];
  obstacles: (string | null)[] = [];
  statuses: Partial<Record<JobStatus, number>>[] = [{}];
  worked = 0;
  asked = 0;
  readonly setAside: string[] = [];
  readonly notices: string[] = [];

  run(options: Partial<LoopOptions> = {}): Promise<LoopEnd> {
    const ports: LoopPorts = {
      baseUrl: 'http://orchestrator:4000',
      clock: this.clock,
      signal: this.controller.signal,
      nextJob: async () => this.#answer(),
      summary: async () => ({ statuses: this.#next(this.statuses) }) as SummaryRecord,
      work: async () => {
        this.worked += 1;
        return this.ends.shift() ?? 'complete';
      },
      obstacle: async () => this.obstacles.shift() ?? null,
      whenSetAside: async (reason) => void this.setAside.push(reason),
      notice: (text) => this.notices.push(text),
    };
    return runLoop(ports, { once: false, exitWhenDrained: false, ...options });
  }

  #answer(): VersionedJob | null {
    this.asked += 1;
    const answer = this.#next(this.answers);
    if (answer === 'none') return null;
    if (answer === 'job') return { job: fullRecord({}), etag: '"v1"' };
    throw new OrchestratorError(answer, `it is ${answer}`);
  }

  #next<T>(values: T[]): T {
    return (values.length > 1 ? values.shift() : values[0]) as T;
  }
}

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});

describe('given no job waits', () => {
  it('asks again with growing pauses of at most 30 s, and says so once', async () => {
    const run = scene.run();
    await scene.clock.advance(200_000);
    scene.controller.abort();
    await expect(run).resolves.toBe('interrupted');
    expect(scene.clock.slept.slice(0, 8)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(scene.notices).toEqual(['No job waits. Asking again until one does.']);
  });

  it('when a job comes, works on it and begins the pauses anew', async () => {
    scene.answers = ['none', 'none', 'none', 'job', 'none'];
    const run = scene.run();
    await scene.clock.advance(8000);
    expect(scene.worked).toBe(1);
    expect(scene.clock.slept.slice(0, 4)).toEqual([1000, 2000, 4000, 1000]);
    scene.controller.abort();
    await run;
  });

  it('when it is told to stop in a pause, ends at once', async () => {
    const run = scene.run();
    await scene.clock.settle();
    scene.controller.abort();
    await expect(run).resolves.toBe('interrupted');
    expect(scene.clock.now()).toBe(0);
  });
});

describe('given --once', () => {
  it.each([
    ['complete', 'done'],
    ['failed', 'failed'],
    ['interrupted', 'interrupted'],
  ] as const)('when the job ends as %s, the worker ends as %s', async (end, result) => {
    scene.answers = ['job'];
    scene.ends = [end];
    await expect(scene.run({ once: true })).resolves.toBe(result);
    expect(scene.worked).toBe(1);
  });

  it.each(['taken', 'lost'] as const)('when the job is %s, takes another', async (end) => {
    scene.answers = ['job'];
    scene.ends = [end, 'complete'];
    const run = scene.run({ once: true });
    await scene.clock.advance(1000);
    await expect(run).resolves.toBe('done');
    expect(scene.worked).toBe(2);
  });
});

describe('given --exit-when-drained', () => {
  it('when no job waits or is held, ends', async () => {
    scene.answers = ['job', 'job', 'none'];
    scene.statuses = [{ COMPLETE: 5, ERROR: 1, HASH_MISMATCH: 1 }];
    await expect(scene.run({ exitWhenDrained: true })).resolves.toBe('done');
    expect(scene.worked).toBe(2);
  });

  it.each(['WAITING_4_WORKER', 'STARTED', 'LOADING_SNAPSHOT', 'WORKING'] as const)(
    'when a job is %s, stays, since it may come back',
    async (status) => {
      scene.answers = ['none'];
      scene.statuses = [{ [status]: 1 }, { COMPLETE: 1 }];
      const run = scene.run({ exitWhenDrained: true });
      await scene.clock.settle();
      expect(scene.asked).toBe(1);
      await scene.clock.advance(1000);
      await expect(run).resolves.toBe('done');
    },
  );
});

describe('given the host has an obstacle', () => {
  it('takes no job until it is gone', async () => {
    scene.obstacles = [
      '2.0 GiB are free, 40.0 GiB are needed',
      '2.0 GiB are free, 40.0 GiB are needed',
      null,
    ];
    scene.answers = ['job'];
    const run = scene.run({ once: true });
    await scene.clock.settle();
    expect(scene.asked).toBe(0);
    await scene.clock.advance(3000);
    await expect(run).resolves.toBe('done');
    expect(scene.notices).toEqual(['No job is taken: 2.0 GiB are free, 40.0 GiB are needed']);
  });

  it('with --exit-when-drained still ends when no host has anything left to do', async () => {
    scene.obstacles = ['the disk is read-only', 'the disk is read-only'];
    scene.statuses = [{ WORKING: 1 }, { COMPLETE: 1 }];
    const run = scene.run({ exitWhenDrained: true });
    await scene.clock.advance(1000);
    await expect(run).resolves.toBe('done');
    expect(scene.asked).toBe(0);
  });
});

describe('given the host is set aside', () => {
  it('looks at itself, and asks with growing pauses until it gets jobs again', async () => {
    scene.answers = ['set-aside', 'set-aside', 'set-aside', 'job', 'none'];
    const run = scene.run();
    await scene.clock.settle();
    expect(scene.setAside).toEqual(['it is set-aside']);
    await scene.clock.advance(7000);
    expect(scene.setAside).toHaveLength(3);
    expect(scene.worked).toBe(1);
    expect(scene.clock.slept.slice(0, 3)).toEqual([1000, 2000, 4000]);
    scene.controller.abort();
    await run;
  });

  it('still ends when no host has anything left to do', async () => {
    scene.answers = ['set-aside'];
    scene.statuses = [{ WORKING: 1 }, { COMPLETE: 1 }];
    const run = scene.run({ exitWhenDrained: true });
    await scene.clock.advance(1000);
    await expect(run).resolves.toBe('done');
    expect(scene.setAside).toHaveLength(1);
  });
});

describe('given every job fails here', () => {
  it('pauses longer and longer between them', async () => {
    scene.answers = ['job'];
    scene.ends = ['failed', 'failed', 'failed', 'failed'];
    const run = scene.run();
    await scene.clock.advance(7500);
    scene.controller.abort();
    await run;
    expect(scene.clock.slept.slice(0, 3)).toEqual([1000, 2000, 4000]);
  });
});

describe('given the orchestrator does not answer', () => {
  it('when it never has for five minutes, ends with exit code 5', async () => {
    scene.answers = ['unreachable'];
    const run = scene.run();
    const ended = run.catch((error: unknown) => error);
    await scene.clock.advance(4 * 60_000);
    expect(scene.notices).toEqual([
      'The orchestrator at http://orchestrator:4000: it is unreachable. Asking again.',
    ]);
    await scene.clock.advance(2 * 60_000);
    await expect(ended).resolves.toMatchObject({
      code: 'ORCHESTRATOR_UNREACHABLE',
      exitCode: ExitCode.unreachable,
    });
  });

  it('when it has before, asks for ever', async () => {
    scene.answers = ['none', 'unreachable'];
    const run = scene.run();
    await scene.clock.advance(3_600_000);
    expect(scene.asked).toBeGreaterThan(100);
    scene.answers = ['job', 'none'];
    await scene.clock.advance(30_000);
    expect(scene.worked).toBeGreaterThan(0);
    expect(scene.notices).toContain('The orchestrator at http://orchestrator:4000 answers again.');
    scene.controller.abort();
    await run;
  });

  it.each([{ once: true }, { exitWhenDrained: true }])(
    'when it has before, with %j, ends after five minutes',
    async (options) => {
      scene.answers = ['none', 'unreachable'];
      scene.statuses = [{ WORKING: 1 }];
      const ended = scene.run(options).catch((error: unknown) => error);
      await scene.clock.advance(6 * 60_000);
      await expect(ended).resolves.toMatchObject({ exitCode: ExitCode.unreachable });
    },
  );

  it.each(['refused', 'bad-answer', 'not-found'] as const)(
    'when its first answer is %s, ends at once',
    async (kind) => {
      scene.answers = [kind];
      await expect(scene.run()).rejects.toMatchObject({ exitCode: ExitCode.unreachable });
    },
  );

  it('when a strange answer comes later, asks again', async () => {
    scene.answers = ['none', 'bad-answer', 'job', 'none'];
    const run = scene.run();
    await scene.clock.advance(10_000);
    expect(scene.worked).toBe(1);
    scene.controller.abort();
    await run;
  });
});
