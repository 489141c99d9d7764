import { connect, type Client } from './client.ts';

export interface LoadResult {
  /** How long each accepted POST took. Milliseconds. */
  latencies: number[];
  ms: number;
}

/**
 * So many workers at once, each with a connection of its own: each claims a job and then reports
 * progress as fast as it is answered. Every answer of 200 means that the change is on disk.
 *
 * @param until ends it: milliseconds that pass, or a promise that resolves
 * @param pauseMs between two reports of one worker
 */
export async function runWorkers(
  url: string,
  workers: number,
  until: Promise<unknown>,
  pauseMs = 0,
): Promise<LoadResult> {
  const latencies: number[] = [];
  let ended = false;
  void until.finally(() => {
    ended = true;
  });
  const began = performance.now();
  await Promise.all(
    Array.from({ length: workers }, async (_, index) => {
      const client = connect(url);
      await work(client, `bench-${process.pid}-${index}-${began}`, {
        latencies,
        pauseMs,
        isOver: () => ended,
      });
      client.close();
    }),
  );
  return { latencies, ms: performance.now() - began };
}

interface Work {
  latencies: number[];
  pauseMs: number;
  isOver: () => boolean;
}

async function work(client: Client, worker: string, { latencies, pauseMs, isOver }: Work): Promise<void> {
  const me = { 'X-Replay-Worker': worker };
  const offer = await client.get('/job?nextjob', { ...me, Accept: 'application/json' });
  if (offer.status !== 200) throw new Error(`no job was offered: ${offer.status} ${offer.text}`);
  const { job_id: id, start_block_num: start } = JSON.parse(offer.text) as Record<string, number>;
  let { etag } = offer;
  for (let step = 0; step === 0 || !isOver(); step += 1) {
    const progress = { last_block_processed: start! + (step % 1_000), blocks_per_second: step };
    const body = step === 0 ? { status: 'STARTED' } : { status: 'WORKING', ...progress };
    const began = performance.now();
    const answer = await client.post(`/job?jobid=${id}`, body, { ...me, 'If-Match': etag });
    latencies.push(performance.now() - began);
    if (answer.status !== 200) throw new Error(`job ${id} was refused: ${answer.status} ${answer.text}`);
    etag = answer.etag;
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
