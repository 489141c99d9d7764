/** The orchestrator dies at each call that changes a file, and a webhook is told everything all the same. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { writeManifest } from '../e2e/support/chains.ts';
import { freePort } from '../e2e/support/ports.ts';
import { Receiver } from '../e2e/support/receiver.ts';
import { statusOf } from '../e2e/support/run.ts';
import { Scene } from '../e2e/support/scene.ts';
import { until } from '../e2e/support/until.ts';
import { CrashRun } from './support/crash-run.ts';
import { hashAt, manifestOf, planRun, type PlannedSlice } from './support/crash-world.ts';
import { seeded } from './support/random.ts';
import { SimulatedWorker } from './support/simulated-worker.ts';
import { SEED, SOAK, tell, TIMEOUT_MS } from './support/soak.ts';
import { startFromSource } from './support/source-program.ts';

/** How many of them the short form takes, for each way of being stopped. */
const POINTS_OF_SHORT_FORM = 1;
const PAUSE_MS = 4;
const LISTENS = /Orchestrator: http:/u;

/** Of three slices one ends in a mismatch, and one in a failure. */
const PLAN: PlannedSlice[] = planRun(3).map((slice) => {
  if (slice.jobId === 1) return { ...slice, actual: hashAt(-1), verdict: 'MISMATCH' };
  return slice.jobId === 3 ? { ...slice, impossible: true, verdict: null } : slice;
});

/** Counted once: the first test does it. */
let writePoints: Promise<number> | undefined;

test.for(['killed', 'torn', 'power-cut'] as const)(
  'stopped before a call that changes a file (%s): everything is told, under the same ids',
  { timeout: TIMEOUT_MS },
  async (how) => {
    const total = await (writePoints ??= runStoppedAt(0, 'killed'));
    expect(total).toBeGreaterThan(60);
    const random = seeded(SEED + how.length);
    const points = SOAK
      ? Array.from({ length: total }, (_, index) => index + 1)
      : Array.from({ length: POINTS_OF_SHORT_FORM }, () => random.between(1, total + 1));
    for (const point of points) await runStoppedAt(point, how);
    tell(`${how}: stopped at ${points.length} of ${total} write points, everything told`);
  },
);

/** Runs to the end, with a stop and a new start in between; returns how many calls the first program made. */
async function runStoppedAt(point: number, how: string): Promise<number> {
  const scene = await Scene.create();
  const receiver = await Receiver.start(scene);
  const manifest = await writeManifest(scene.path('manifest.json'), manifestOf(PLAN));
  const port = await freePort();
  const run = new CrashRun(PLAN, port, seeded(SEED), PAUSE_MS);
  run.permit(PLAN.length);
  const told = ['--notify', receiver.url('/told')];
  const where = ['--port', String(port), '--data-dir', scene.path('orchestrator'), '--log-level', 'error'];
  const env = {
    REPLAY_TEST_DIE_AT: String(point),
    REPLAY_TEST_DIE_HOW: how,
    REPLAY_TEST_COUNT_FILE: scene.path('count'),
  };
  const program = startFromSource(scene, ['serve', '--config', manifest, ...where, ...told], env);
  if (await program.prints(LISTENS)) run.gate.open();
  const work = new SimulatedWorker('worker', run).work();
  void work.then(() => program.kill('SIGTERM'));
  await program.finished;
  run.gate.close();
  await run.gate.quiet();
  const { url } = await scene.serve(manifest, [...told, '--log-level', 'warn'], { port });
  run.gate.open();
  await work;
  const { jobs } = await statusOf(url);
  const attempts = jobs.reduce((sum, job) => sum + job.attempt, 0);
  const expected = [
    `job 1/attempt ${jobs[0]!.attempt}/mismatch`,
    `job 3/attempt ${jobs[2]!.attempt}/job-failed`,
    `ended/after ${attempts} attempts/failed`,
  ];
  await until(
    `all of ${expected.join(', ')} (point ${point}, ${how}); there is ${receiver.ids.join(', ')}`,
    () => expected.every((id) => receiver.ids.includes(id)),
  );
  expect({ point, told: [...new Set(receiver.ids)].toSorted() }).toEqual({
    point,
    told: expected.toSorted(),
  });
  return point === 0 ? Number(await readFile(scene.path('count'), 'utf8')) : 0;
}
