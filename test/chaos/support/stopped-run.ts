import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeManifest } from '../../e2e/support/chains.ts';
import type { Finished } from '../../e2e/support/replay.ts';
import { type Orchestrator, Scene } from '../../e2e/support/scene.ts';
import { hashAt, manifestOf, planRun } from './crash-world.ts';
import { type ShownJob, StepWorker } from './step-worker.ts';

/** Of the run that the tests damage. */
export const PLAN = planRun(5);
export interface Damaged {
  scene: Scene;
  manifest: string;
  /** The folder of the run. */
  folder: string;
  /** Jobs 1 to 5 as they were: complete, working with its snapshot's hash told, started, waiting, waiting. */
  before: ShownJob[];
  restart(): Promise<{ orchestrator: Orchestrator; after: ShownJob[]; log: string }>;
  /** A start that is refused. */
  refusal(): Promise<Finished>;
  /** Copies of damaged files, by name. */
  copies(): Promise<string[]>;
}

/** A run in which something has happened, stopped, its files ready to be damaged. */
export async function stoppedRun(): Promise<Damaged> {
  const scene = await Scene.create();
  const manifest = await writeManifest(scene.path('manifest.json'), manifestOf(PLAN));
  const first = await scene.serve(manifest);
  const workers = ['alpha', 'beta', 'gamma'].map((name) => new StepWorker(first.port, name));
  scene.onEnd(async () => workers.forEach((worker) => worker.close()));
  const [alpha, beta, gamma] = workers as [StepWorker, StepWorker, StepWorker];
  const one = await alpha.claim();
  const hash = { actual_integrity_hash: hashAt(PLAN[0]!.endBlock) };
  const working = await alpha.mustUpdate(one.jobId, one.etag, {
    status: 'WORKING',
    last_block_processed: 5000,
  });
  await alpha.mustUpdate(one.jobId, working, { status: 'COMPLETE', ...hash });
  const two = await beta.claim();
  await gamma.claim();
  await fetch(`${first.url}/config`, {
    method: 'POST',
    body: JSON.stringify({ end_block_num: PLAN[0]!.endBlock, integrity_hash: hash.actual_integrity_hash }),
  });
  await beta.mustUpdate(two.jobId, two.etag, { status: 'WORKING', last_block_processed: 11_500 });
  const before = await allJobs(first.port);
  first.running.kill('SIGKILL');
  await first.running.finished;
  const folder = scene.path('orchestrator/runs/0001');
  return {
    scene,
    manifest,
    folder,
    before,
    restart: async () => {
      const orchestrator = await scene.serve(manifest, [], { port: first.port });
      return { orchestrator, after: await allJobs(first.port), log: orchestrator.running.stderr };
    },
    refusal: () =>
      scene.run(['serve', '--config', manifest, '--port', '0', '--data-dir', scene.path('orchestrator')]),
    copies: async () => (await readdir(folder)).filter((name) => name.includes('.damaged-')),
  };
}

async function allJobs(port: number): Promise<ShownJob[]> {
  const client = new StepWorker(port, 'onlooker');
  const jobs = [];
  for (const { jobId } of PLAN) jobs.push(await client.job(jobId));
  client.close();
  return jobs;
}

/** What must not change when nothing was lost. The lease begins anew. */
export function lasting(jobs: readonly ShownJob[]): unknown[] {
  return jobs.map(({ etag, record: { lease_expires_at: _lease, eta: _eta, ...record } }) => ({
    etag,
    ...record,
  }));
}

/** Overwrites lines of a job in jobs.db with zero bytes, as a bad disk would return them. */
export async function spoilLines(
  { folder }: Damaged,
  jobId: number,
  choose: (lines: readonly number[]) => readonly number[],
): Promise<void> {
  const file = join(folder, 'jobs.db');
  const lines = (await readFile(file, 'utf8')).split('\n');
  const ofJob = lines.flatMap((line, index) => (line.includes(`"_id":"${jobId}"`) ? [index] : []));
  const spoiled = new Set(choose(ofJob));
  await writeFile(
    file,
    lines.map((line, index) => (spoiled.has(index) ? '\0'.repeat(line.length) : line)).join('\n'),
  );
}
