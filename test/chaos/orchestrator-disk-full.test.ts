/** The disk of the orchestrator becomes full, and has room again. */
import { expect, test } from 'vitest';
import type { JobUpdate } from '../../src/core/protocol/full-record.ts';
import { writeManifest } from '../e2e/support/chains.ts';
import { REPLAY } from '../e2e/support/replay.ts';
import { freePort } from '../e2e/support/ports.ts';
import { Scene } from '../e2e/support/scene.ts';
import { manifestOf, planRun } from './support/crash-world.ts';
import { PrivateDisk } from './support/private-disk.ts';
import { Program } from './support/program.ts';
import { StepWorker } from './support/step-worker.ts';
import { tell, TIMEOUT_MS } from './support/soak.ts';

const DISK = 'size=512k';
const CANNOT_START = 6;
const LISTENS = /Orchestrator: http:/u;

interface Full {
  disk: PrivateDisk;
  worker: StepWorker;
  orchestrator: Program;
  start: () => Promise<Program>;
  /** Changes that were accepted, by block. */
  accepted: { block: number; etag: string };
}

/** An orchestrator on a disk of its own, which is full; a worker has a job and reports blocks. */
async function onFullDisk(): Promise<Full> {
  const scene = await Scene.create();
  const disk = await PrivateDisk.create(scene, { folder: scene.path('small-disk'), options: DISK });
  const manifest = await writeManifest(scene.path('manifest.json'), manifestOf(planRun(3)));
  const port = await freePort();
  const args = ['serve', '--config', manifest, '--port', String(port), '--data-dir', `${disk.folder}/data`];
  const start = async (): Promise<Program> => {
    const program = new Program(scene, [...disk.under, REPLAY, ...args]);
    await program.prints(LISTENS);
    return program;
  };
  const orchestrator = await start();
  await orchestrator.mustPrint(LISTENS);
  const worker = new StepWorker(port, 'alpha');
  scene.onEnd(async () => worker.close());
  const { etag } = await worker.claim();
  const accepted = { block: 1001, etag };
  accepted.etag = await worker.mustUpdate(1, etag, { status: 'WORKING', last_block_processed: 1001 });
  disk.fill();
  return { disk, worker, orchestrator, start, accepted };
}

/** Reports blocks until one is refused: what is left of the last page of the file still takes some. */
async function reportUntilRefused({ worker, accepted }: Full): Promise<{ status: number; body: string }> {
  for (let block = accepted.block + 1; block < accepted.block + 100; block += 1) {
    const answer = await worker.update(1, accepted.etag, { status: 'WORKING', last_block_processed: block });
    if (answer.status !== 200) return answer;
    Object.assign(accepted, { block, etag: answer.headers.etag ?? '' });
  }
  throw new Error('The disk does not become full');
}

const REFUSALS = 20;

test(
  'changes are refused with 503, reading works, and with room again all goes on without a restart',
  {
    timeout: TIMEOUT_MS,
  },
  async () => {
    const full = await onFullDisk();
    const { disk, worker, accepted } = full;
    const refused = await reportUntilRefused(full);
    expect(refused.status).toBe(503);
    expect(refused.body).toContain('nothing was changed');
    const seen = [];
    for (let time = 0; time < REFUSALS; time += 1) {
      const { status } = await worker.update(1, accepted.etag, progressTo(accepted.block + 1));
      const { record, etag } = await worker.job(1);
      seen.push([status, record.last_block_processed, etag]);
    }
    expect(seen).toEqual(seen.map(() => [503, accepted.block, accepted.etag]));

    disk.free();

    await worker.mustUpdate(1, accepted.etag, progressTo(accepted.block + 1));
    expect((await worker.job(1)).record.last_block_processed).toBe(accepted.block + 1);
    tell(`${accepted.block - 1000} changes accepted, ${REFUSALS + 1} refused, the next one accepted again`);
  },
);

test(
  'what is shown while the disk is full is what a killed orchestrator comes back with',
  {
    timeout: TIMEOUT_MS,
  },
  async () => {
    const full = await onFullDisk();
    const { disk, worker, orchestrator, accepted, start } = full;
    await reportUntilRefused(full);
    await worker.update(1, accepted.etag, progressTo(accepted.block + 1));
    orchestrator.kill('SIGKILL');
    await orchestrator.finished;

    const refused = await (await start()).finished;
    expect(refused.code).toBe(CANNOT_START);
    expect(refused.output).toMatch(/no space left/iu);
    disk.free();
    await (await start()).mustPrint(LISTENS);

    const { record, etag } = await worker.job(1);
    expect([record.status, record.last_block_processed, etag]).toEqual([
      'WORKING',
      accepted.block,
      accepted.etag,
    ]);
    await worker.mustUpdate(1, accepted.etag, progressTo(accepted.block + 1));
  },
);

function progressTo(block: number): JobUpdate {
  return { status: 'WORKING', last_block_processed: block };
}
