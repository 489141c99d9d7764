import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Job } from '../../../src/core/domain/job.ts';
import { summarise } from '../../../src/core/domain/summary.ts';
import { Notifier } from '../../../src/core/notify/notifier.ts';
import { Outbox } from '../../../src/core/notify/outbox.ts';
import { parseTarget, type Target } from '../../../src/core/notify/target.ts';
import { aJob, anAttempt } from '../domain/builders.ts';
import { recordingLogger } from '../orchestrator/harness.ts';
import { ManualMonotonic } from '../orchestrator/manual-monotonic.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const { logger } = recordingLogger();

interface Body {
  notifications: { id: string; kind: string }[];
}

/** A run of waiting jobs that can all fail at one blow, and a target that answers when it is let. */
async function aRun(count: number) {
  const dataDir = await mkdtemp(join(tmpdir(), 'replay-notifier-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const jobs: Job[] = Array.from({ length: count }, (_, at) => aJob({}, { sliceId: at + 1 }));
  const bodies: Body[] = [];
  let letAnswer: () => void = () => undefined;
  const mayAnswer = new Promise<void>((resolve) => (letAnswer = resolve));
  const target = parseTarget('https://example.com/x', null) as Target;
  const outbox = await Outbox.open({ dataDir, runId: 1, targets: [target.key], logger });
  const timer = new ManualMonotonic();
  const notifier = new Notifier({
    source: { source: 'here', runId: 1, runKey: '0', publicUrl: null },
    targets: [target],
    outbox,
    view: {
      jobs: () => jobs,
      summary: () => summarise(jobs, { conflicts: [], suspects: [] }, NOW),
      hostsSetAside: () => [],
      setAside: () => null,
      isPaused: () => false,
    },
    idleMs: 900_000,
    userAgent: 'replay/test',
    fetch: async (_url, init) => {
      await mayAnswer;
      bodies.push(JSON.parse(init.body as string) as Body);
      return new Response('ok');
    },
    timer,
    now: () => NOW,
    random: () => 0,
    logger,
  });
  await notifier.begin();
  const failAll = (): void => {
    for (const [at, before] of jobs.entries()) {
      const attempts = [anAttempt({ endTime: null, outcome: null })];
      const held: Job = { ...before, status: 'WORKING', attempts };
      jobs[at] = { ...before, status: 'ERROR', attempts: [anAttempt()] };
      notifier.changed(held, before);
      notifier.changed(jobs[at], held);
    }
  };
  const told = (): string[] => bodies.flatMap(({ notifications }) => notifications.map(({ id }) => id));
  return { notifier, outbox, bodies, timer, failAll, letAnswer, told };
}

test('more news than the outbox holds is told in the end, each once, in a few messages', async () => {
  const run = await aRun(1500);
  run.failAll();
  expect(run.outbox.hasRoom).toBe(false);
  run.letAnswer();
  while (run.told().length < 1501) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    run.timer.advance(60_000);
  }
  await run.notifier.close(1000);
  expect(new Set(run.told()).size).toBe(1501);
  expect(run.told()).toContain('run 1.0/ended/after 1500 attempts/failed');
  expect(run.bodies.length).toBeLessThan(25);
});

test('jobs that change in one write are looked at together: the run has not ended in between', async () => {
  const run = await aRun(2);
  run.letAnswer();
  run.failAll();
  await run.notifier.close(1000);
  expect(run.bodies.flatMap(({ notifications }) => notifications.map(({ kind }) => kind))).toEqual([
    'job-failed',
    'job-failed',
    'run-ended',
  ]);
});
