/** The orchestrator dies at each call that changes a file while another run is begun over HTTP. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { writeManifest } from '../e2e/support/chains.ts';
import { Scene } from '../e2e/support/scene.ts';
import { freePort } from '../e2e/support/ports.ts';
import { manifestOf, planRun } from './support/crash-world.ts';
import { seeded } from './support/random.ts';
import { SEED, SOAK, tell, TIMEOUT_MS } from './support/soak.ts';
import { startFromSource } from './support/source-program.ts';

/** How many of them the short form takes, for each way of being stopped. */
const POINTS_OF_SHORT_FORM = 2;
const LISTENS = /Orchestrator: http:/u;
const WORKER = { 'X-Replay-Worker': 'worker' };
const HASH = 'ab'.repeat(32);

const FIRST = manifestOf(planRun(3));
const SECOND = manifestOf(planRun(5)).slice(3);
const REQUEST = JSON.stringify({ manifest: JSON.stringify(SECOND), force: true, current_run_id: 1 });

/** Counted once: the first test does it. */
let writePoints: Promise<number> | undefined;

test.for(['killed', 'torn', 'power-cut'] as const)(
  'stopped before a call that changes a file (%s): the old run is there, or the new one, and asked again it is the new one',
  { timeout: TIMEOUT_MS },
  async (how) => {
    const total = await (writePoints ??= play(0, 'killed').then(({ calls }) => calls));
    expect(total).toBeGreaterThan(60);
    const random = seeded(SEED + how.length);
    // The first half is the start and the work before the request, of which other tests are.
    const points = SOAK
      ? Array.from({ length: total }, (_, index) => index + 1)
      : Array.from({ length: POINTS_OF_SHORT_FORM }, () => random.between(Math.floor(total / 2), total + 1));
    const runs = { old: 0, new: 0 };
    for (const point of points) runs[await stopAt(point, how)] += 1;
    const went = `the old run went on ${runs.old} times, the new one ${runs.new} times`;
    tell(`${how}: stopped at ${points.length} of ${total} write points; ${went}`);
  },
);

/** Stops there, starts again with the built program, and looks; returns which run went on. */
async function stopAt(point: number, how: string): Promise<'old' | 'new'> {
  const { scene, manifest, port, isDone, answer } = await play(point, how);
  const { url } = await scene.serve(manifest, ['--log-level', 'warn'], { port });
  const json = async (path: string): Promise<unknown> =>
    (await fetch(url + path, { headers: { Accept: 'application/json' } })).json();
  const { run_id: runId } = (await json('/summary')) as { run_id: 1 | 2 };
  expect({ point, runId }).toEqual({ point, runId: answer === 200 ? 2 : runId });
  // Whichever it is, it is whole.
  const jobs = (await json('/status')) as { job_id: number }[];
  const ids = runId === 1 ? [1, 2, 3] : [4, 5];
  expect({ point, jobs: jobs.map(({ job_id: id }) => id) }).toEqual({ point, jobs: ids });
  const repeated = await fetch(`${url}/run`, { method: 'POST', body: REQUEST });
  expect({ point, status: repeated.status, ...((await repeated.json()) as object) }).toMatchObject({
    point,
    status: 200,
    run_id: 2,
    total_jobs: 2,
  });
  expect(await json('/runs')).toMatchObject([
    { run_id: 1, total_jobs: 3, damage: [] },
    { run_id: 2, total_jobs: 2, damage: [] },
  ]);
  // What was acknowledged before is there.
  const first = isDone ? { actual_integrity_hash: HASH } : {};
  expect(await json('/status?run=1&sliceid=1')).toMatchObject([first]);
  return runId === 1 ? 'old' : 'new';
}

interface Played {
  scene: Scene;
  manifest: string;
  port: number;
  /** The result of the first job was acknowledged. */
  isDone: boolean;
  /** Status of the answer to the request; null: none came, or it was not made. */
  answer: number | null;
  /** That change a file; 0 when the program was stopped. */
  calls: number;
}

/** One job is done, another one is held, and another run is begun, as far as the program gets. */
async function play(point: number, how: string): Promise<Played> {
  const scene = await Scene.create();
  const manifest = await writeManifest(scene.path('manifest.json'), FIRST);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    REPLAY_TEST_DIE_AT: String(point),
    REPLAY_TEST_DIE_HOW: how,
    REPLAY_TEST_COUNT_FILE: scene.path('count'),
  };
  const where = ['--port', String(port), '--data-dir', scene.path('orchestrator'), '--log-level', 'error'];
  const program = startFromSource(scene, ['serve', '--config', manifest, ...where], env);
  const played = { isDone: false, answer: null as number | null };
  try {
    await program.mustPrint(LISTENS);
    await post(url, 1, { status: 'COMPLETE', actual_integrity_hash: HASH }, await claim(url));
    played.isDone = true;
    await claim(url);
    played.answer = (await fetch(`${url}/run`, { method: 'POST', body: REQUEST })).status;
  } catch (error) {
    if (point === 0) throw error;
  }
  program.kill('SIGTERM');
  await program.finished;
  const calls = point === 0 ? Number(await readFile(scene.path('count'), 'utf8')) : 0;
  return { scene, manifest, port, calls, ...played };
}

async function claim(url: string): Promise<string> {
  const offer = await fetch(`${url}/job?nextjob`, { headers: { ...WORKER, Accept: 'application/json' } });
  const { job_id: jobId } = (await offer.json()) as { job_id: number };
  return post(url, jobId, { status: 'STARTED' }, offer.headers.get('etag') ?? '');
}

async function post(url: string, jobId: number, update: object, etag: string): Promise<string> {
  const headers = { ...WORKER, 'If-Match': etag };
  const body = JSON.stringify(update);
  const answer = await fetch(`${url}/job?jobid=${jobId}`, { method: 'POST', headers, body });
  if (answer.status !== 200) throw new Error(`POST /job: ${answer.status} ${await answer.text()}`);
  return answer.headers.get('etag') ?? '';
}
