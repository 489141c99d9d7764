/** The orchestrator is killed while a dozen workers use it; a model beside it knows what it had promised. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readManifest, writeManifest } from '../e2e/support/chains.ts';
import { freePort } from '../e2e/support/ports.ts';
import { reportOf, statusOf } from '../e2e/support/run.ts';
import { Scene } from '../e2e/support/scene.ts';
import { CrashRun } from './support/crash-run.ts';
import { BLOCKS, hashAt, manifestOf, planRun, type PlannedSlice } from './support/crash-world.ts';
import { MortalOrchestrator } from './support/mortal-orchestrator.ts';
import { seeded } from './support/random.ts';
import { SimulatedWorker } from './support/simulated-worker.ts';
import { SEED, SOAK, tell, TIMEOUT_MS } from './support/soak.ts';

const JOBS = 62;
const WORKERS = 12;
const KILLS = SOAK ? 220 : 16;
/** So often the orchestrator is killed again before it has come up. */
const KILLED_WHILE_STARTING = 0.25;
const LONGEST_LIFE_MS = 400;

test(
  `nothing acknowledged is lost when the orchestrator is killed ${KILLS} times under load`,
  { timeout: TIMEOUT_MS },
  async () => {
    const scene = await Scene.create();
    const random = seeded(SEED);
    const plan = planRun(JOBS);
    const manifest = await writeManifest(scene.path('manifest.json'), manifestOf(plan));
    const orchestrator = new MortalOrchestrator(scene, manifest, await freePort(), random);
    const run = new CrashRun(plan, orchestrator.port, random);

    await orchestrator.start();
    run.gate.open();
    const load = Promise.all(
      Array.from({ length: WORKERS }, (_, index) => new SimulatedWorker(`worker-${index + 1}`, run).work()),
    );
    const failed = load.then(
      () => null,
      (error: unknown) => {
        run.stop();
        return error;
      },
    );
    while (orchestrator.kills < KILLS && !run.isOver) {
      await sleep(random.between(5, LONGEST_LIFE_MS));
      run.gate.close();
      await orchestrator.kill();
      await run.gate.quiet();
      while (random.next() < KILLED_WHILE_STARTING) await orchestrator.startAndKill();
      await orchestrator.start();
      expect(run.model.compare(await run.look())).toEqual([]);
      run.permit(Math.floor((JOBS * orchestrator.kills) / KILLS));
      run.gate.open();
    }
    if (!run.isOver) run.permit(JOBS);
    expect(await failed).toBeNull();

    expect(run.model.compare(await run.look())).toEqual([]);
    await expectRightEnd(orchestrator.url, plan);
    await orchestrator.stop();
    await expectHashesWrittenBack(manifest, plan);
    const { acknowledged, openAtKill, openAndDone, tags } = run.model.counts;
    const { requests, sentAgain, refusedClaims } = run.counts;
    tell(
      `seed ${SEED}: ${orchestrator.kills} kills (${orchestrator.killedWhileStarting} of them while starting), ` +
        `${requests} changes sent, ${acknowledged} acknowledged, none lost; ${openAtKill} were under way at a kill, ` +
        `of which ${openAndDone} were wholly there and the others not at all; ${sentAgain} sent again, ` +
        `${refusedClaims} claims refused, ${tags} ETags compared`,
    );
    expect(orchestrator.kills).toBeGreaterThanOrEqual(KILLS);
    expect(openAtKill).toBeGreaterThan(KILLS);
  },
);

async function expectRightEnd(url: string, plan: readonly PlannedSlice[]): Promise<void> {
  const { jobs, summary } = await statusOf(url);
  expect(jobs.map(({ job_id: id, verdict }) => [id, verdict])).toEqual(
    plan.map(({ jobId, verdict }) => [jobId, verdict]),
  );
  const failures = plan.filter(({ impossible, verdict }) => impossible || verdict === 'MISMATCH');
  const processed = plan.filter(({ impossible }) => !impossible).length * BLOCKS;
  expect(summary).toMatchObject({
    run_id: 1,
    total_jobs: JOBS,
    total_blocks: JOBS * BLOCKS,
    blocks_processed: processed,
    jobs_succeeded: JOBS - failures.length,
    jobs_failed: failures.length,
    is_running: false,
    hash_conflicts: [],
    suspect_snapshots: [],
  });
  const report = await reportOf(url);
  expect(report.code).toBe(1);
  expect(report.json.failed_jobs.map(({ job_id: id, status }) => [id, status])).toEqual(
    failures.map(({ jobId, impossible }) => [jobId, impossible ? 'ERROR' : 'HASH_MISMATCH']),
  );
}

/** Whatever was killed in between: the manifest stayed readable, and all that was learned is in it. */
async function expectHashesWrittenBack(manifest: string, plan: readonly PlannedSlice[]): Promise<void> {
  const written = (await readManifest(manifest)).map((slice) => slice.expected_integrity_hash);
  const impossible = new Set(plan.filter((slice) => slice.impossible).map(({ startBlock }) => startBlock));
  expect(written).toEqual(
    plan.map(({ endBlock, known, jobId }) =>
      impossible.has(endBlock) || jobId === plan.length ? known : hashAt(endBlock),
    ),
  );
}
