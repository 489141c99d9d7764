/**
 * Measures what readers of GET /events cost: `node test/bench/events.ts` after a build. A hundred hosts report
 * every second, five times as often as they do, while nobody, ten and a hundred read all of it; then ten that
 * take nothing of what is sent to them. Nothing is asserted: the numbers are for docs/performance.md.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeManifest } from './support/manifest.ts';
import { percentile, showMemory, showMs } from './support/numbers.ts';
import { startServer } from './support/server.ts';
import { runWorkers } from './support/worker-load.ts';

const HOSTS = 100;
const PAUSE_MS = 1_000;
const WINDOW_MS = 15_000;

const folder = await mkdtemp(join(tmpdir(), 'replay-bench-'));
try {
  const manifest = await writeManifest(folder, 900);
  for (const [readers, takes] of [
    [0, true],
    [10, true],
    [100, true],
    [10, false],
  ] as const) {
    process.stdout.write(`${await measure(manifest, readers, takes)}\n`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(manifest: string, readers: number, takes: boolean): Promise<string> {
  const dataDir = join(folder, `data-${readers}-${takes}`);
  const server = await startServer(resolve('dist/replay'), manifest, dataDir);
  const streams = await Promise.all(Array.from({ length: readers }, () => open(server.url)));
  let events = 0;
  if (takes) {
    for (const stream of streams) {
      stream.on(
        'data',
        (data: Buffer) => (events += data.toString('latin1').split('event: job\n').length - 1),
      );
    }
  }
  const before = (await server.processorTime()) ?? Number.NaN;
  const { latencies } = await runWorkers(server.url, HOSTS, sleep(WINDOW_MS), PAUSE_MS);
  const share = (((await server.processorTime()) ?? Number.NaN) - before) / WINDOW_MS;
  const memory = await server.peakMemory();
  for (const stream of streams) stream.destroy();
  await server.stop();
  return [
    `${readers} readers${takes ? '' : ' that take nothing'}`,
    `${latencies.length} changes`,
    `${events} events`,
    `${(share * 100).toFixed(1)} % of one core`,
    `POST p99 ${showMs(percentile(latencies, 0.99))}`,
    `${showMemory(memory)} at most`,
  ].join(', ');
}

/** The stream is paused until somebody listens to it: then the system's buffers fill, and the server has to wait. */
function open(url: string): Promise<IncomingMessage> {
  return new Promise((opened, fail) => {
    get(`${url}/events`, opened).once('error', fail);
  });
}
