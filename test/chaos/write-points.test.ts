/** The orchestrator dies at each call that changes a file: in the middle of a start, of a batch, of a rewrite. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { writeManifest } from '../e2e/support/chains.ts';
import { freePort } from '../e2e/support/ports.ts';
import { statusOf } from '../e2e/support/run.ts';
import { Scene } from '../e2e/support/scene.ts';
import { CrashRun } from './support/crash-run.ts';
import { manifestOf, planRun } from './support/crash-world.ts';
import { seeded } from './support/random.ts';
import { SimulatedWorker } from './support/simulated-worker.ts';
import { SEED, SOAK, tell, TIMEOUT_MS } from './support/soak.ts';
import type { Program } from './support/program.ts';
import { startFromSource } from './support/source-program.ts';

/** How many of them the short form takes, for each way of being stopped. */
const POINTS_OF_SHORT_FORM = 2;
const PAUSE_MS = 4;
const LISTENS = /Orchestrator: http:/u;

/** Counted once: the first test does it. */
let writePoints: Promise<number> | undefined;

describe('the orchestrator is stopped before a call that changes a file', () => {
  test.for(['killed', 'torn', 'power-cut'] as const)(
    '%s: all that was acknowledged is there, and the run goes on to its end',
    { timeout: TIMEOUT_MS },
    async (how) => {
      const total = await (writePoints ??= countWritePoints());
      expect(total).toBeGreaterThan(60);
      const random = seeded(SEED + how.length);
      const points = SOAK
        ? Array.from({ length: total }, (_, index) => index + 1)
        : Array.from({ length: POINTS_OF_SHORT_FORM }, () => random.between(1, total + 1));
      let stopped = 0;
      for (const point of points) {
        const { reached, ...outcome } = await stopAt(point, how);
        expect(outcome).toEqual({ point, problems: [], verdicts: VERDICTS, runId: 1 });
        if (reached) stopped += 1;
      }
      // Changes that come together are written together: not every run has as many calls as the first.
      expect(stopped).toBeGreaterThanOrEqual(Math.floor(0.9 * points.length));
      const which = SOAK ? '' : ` (${points.join(', ')})`;
      tell(`${how}: stopped at ${stopped} of ${total} write points${which}, nothing lost`);
    },
  );
});

const PLAN = planRun(3);
const VERDICTS = PLAN.map(({ verdict }) => verdict);

/** A run of three slices with one worker, which ends as it should. */
async function countWritePoints(): Promise<number> {
  const scene = await Scene.create();
  const { run, program, countFile } = await begin(scene, 0, 'killed');
  await program.mustPrint(LISTENS);
  run.gate.open();
  await new SimulatedWorker('worker', run).work();
  program.kill('SIGTERM');
  await program.finished;
  return Number(await readFile(countFile, 'utf8'));
}

interface Stopped {
  point: number;
  reached: boolean;
  /** What was lost. */
  problems: string[];
  verdicts: (string | null)[];
  runId: number;
}

/** The same run, stopped at a write point and begun again with the built program; returns what came of it. */
async function stopAt(point: number, how: string): Promise<Stopped> {
  const scene = await Scene.create();
  const { run, program, manifest, port } = await begin(scene, point, how);
  if (await program.prints(LISTENS)) run.gate.open();
  const work = new SimulatedWorker('worker', run).work();
  // The last points are those of an orderly end.
  void work.then(() => program.kill('SIGTERM'));
  const { signal } = await program.finished;
  run.gate.close();
  await run.gate.quiet();
  const { url, running } = await scene.serve(manifest, ['--log-level', 'warn'], { port });
  const problems = run.model.compare(await run.look());
  run.gate.open();
  await work;
  const { jobs, summary } = await statusOf(url);
  running.kill('SIGTERM');
  await running.finished;
  const verdicts = jobs.map(({ verdict }) => verdict);
  return { point, reached: signal === 'SIGKILL', problems, verdicts, runId: summary.run_id };
}

interface Begun {
  run: CrashRun;
  program: Program;
  manifest: string;
  port: number;
  countFile: string;
}

async function begin(scene: Scene, point: number, how: string): Promise<Begun> {
  const manifest = await writeManifest(scene.path('manifest.json'), manifestOf(PLAN));
  const port = await freePort();
  const run = new CrashRun(PLAN, port, seeded(SEED), PAUSE_MS);
  run.permit(PLAN.length);
  const countFile = scene.path('count');
  const where = ['--port', String(port), '--data-dir', scene.path('orchestrator')];
  const env = {
    REPLAY_TEST_DIE_AT: String(point),
    REPLAY_TEST_DIE_HOW: how,
    REPLAY_TEST_COUNT_FILE: countFile,
  };
  const args = ['serve', '--config', manifest, ...where, '--log-level', 'error'];
  return { run, program: startFromSource(scene, args, env), manifest, port, countFile };
}
