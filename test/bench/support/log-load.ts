import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Client } from './client.ts';

/** Lines of a usual length. */
const LINE =
  'info  2026-11-22T10:51:26.000 nodeos    controller.cpp:1234    replay    ] 349798000 of 349800000\n';

export interface LogLoad {
  /** Hosts, each of which holds a job. */
  hosts: number;
  /** Lines in each request. */
  lines: number;
  /** Between two requests of one host; 0: as soon as one is answered. Milliseconds. */
  pauseMs: number;
  /** How long. Milliseconds. */
  ms: number;
}

/** Hosts that send log lines all at the same time. @returns how long each request took, in milliseconds */
export async function sendLogs(url: string, { hosts, lines, pauseMs, ms }: LogLoad): Promise<number[]> {
  const latencies: number[] = [];
  const until = performance.now() + ms;
  await Promise.all(
    Array.from({ length: hosts }, async (_, index) => {
      const client = connect(url);
      const me = { 'X-Replay-Worker': `bench-log-${process.pid}-${index}-${until}` };
      const place = await claim(client, me);
      // Not all in the same moment.
      await sleep((pauseMs * index) / hosts);
      for (let from = 0; performance.now() < until; from += lines) {
        const began = performance.now();
        const answer = await client.postText(`/job/log?${place}&from=${from}`, LINE.repeat(lines), me);
        latencies.push(performance.now() - began);
        if (answer.status !== 200) throw new Error(`a log was refused: ${answer.status} ${answer.text}`);
        if (pauseMs > 0) await sleep(pauseMs);
      }
      client.close();
    }),
  );
  return latencies;
}

async function claim(client: Client, me: Record<string, string>): Promise<string> {
  const offer = await client.get('/job?nextjob', { ...me, Accept: 'application/json' });
  const { job_id: id } = JSON.parse(offer.text) as { job_id: number };
  const claimed = await client.post(
    `/job?jobid=${id}`,
    { status: 'STARTED' },
    { ...me, 'If-Match': offer.etag },
  );
  if (claimed.status !== 200) throw new Error(`job ${id} was refused: ${claimed.status} ${claimed.text}`);
  return `jobid=${id}`;
}
