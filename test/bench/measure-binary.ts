import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connect } from './support/client.ts';
import { finishAllJobs } from './support/finished-run.ts';
import { sendLogs, type LogLoad } from './support/log-load.ts';
import { writeManifest } from './support/manifest.ts';
import { percentile, showMemory, showMs, showRate, timed } from './support/numbers.ts';
import { startServer, type Server } from './support/server.ts';
import { runWorkers } from './support/worker-load.ts';

/** What was measured, and the result. */
export type Row = [what: string, result: string];

const run = promisify(execFile);
const LOAD_MS = 5_000;
const WORKERS = 50;
const JSON_ONLY = { Accept: 'application/json' };

/** All measurements with a manifest of so many slices; up to a minute. */
export async function measureSlices(binary: string, folder: string, slices: number): Promise<Row[]> {
  const manifest = await writeManifest(folder, slices);
  const dataDir = await mkdtemp(join(folder, `data-${slices}-`));
  const label = `${slices.toLocaleString('en')} slices`;
  const rows = await measureRun(label, binary, manifest, dataDir);
  if (slices >= 100_000) rows.push(await finishedRestart(label, binary, manifest, dataDir));
  await rm(dataDir, { recursive: true, force: true });
  return rows;
}

export async function measureStartUp(binary: string): Promise<Row[]> {
  const times: number[] = [];
  for (let round = 0; round < 11; round += 1) times.push((await timed(() => run(binary, ['--version']))).ms);
  return [['`replay --version`, median of 11', showMs(percentile(times, 0.5))]];
}

async function measureRun(label: string, binary: string, manifest: string, dataDir: string): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (what: string, result: string): void => void rows.push([`${label}: ${what}`, result]);
  const first = await startServer(binary, manifest, dataDir);
  add('first start until it listens', showStart(first));
  await first.stop();
  const server = await startServer(binary, manifest, dataDir);
  add('restart', showStart(server));
  add('memory after the restart', showMemory(await server.peakMemory()));
  for (const row of await readers(server)) add(...row);
  for (const row of await writers(server)) add(...row);
  for (const row of await summaries(server)) add(...row);
  for (const row of await lists(server)) add(...row);
  for (const row of await logs(server)) add(...row);
  add('most memory', showMemory(await server.peakMemory()));
  add('stop', showMs(await server.stop()));
  return rows;
}

/** GET /job?jobid over 50 connections. */
async function readers(server: Server): Promise<Row[]> {
  const until = performance.now() + LOAD_MS / 2;
  const began = performance.now();
  const counts = await Promise.all(
    Array.from({ length: WORKERS }, async (_, index) => {
      const client = connect(server.url);
      let count = 0;
      for (; performance.now() < until; count += 1) await client.get(`/job?jobid=${(index % 900) + 1}`);
      client.close();
      return count;
    }),
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  return [[`GET /job?jobid, ${WORKERS} connections`, showRate(total, performance.now() - began)]];
}

/** Claims and progress, each on disk before it is answered. */
async function writers(server: Server): Promise<Row[]> {
  const before = await server.processorTime();
  const { latencies, ms } = await runWorkers(server.url, WORKERS, sleep(LOAD_MS));
  const cost = spent(before, await server.processorTime());
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
  return [
    [`POST /job (durable), ${WORKERS} workers`, showRate(latencies.length, ms)],
    ['— its time, p50 / p99', `${showMs(p50)} / ${showMs(p99)}`],
    ['— its processor time for each', each(cost, latencies.length)],
  ];
}

/** GET /summary of a run whose jobs change meanwhile, as a page and some terminals ask for it. */
async function summaries(server: Server): Promise<Row[]> {
  const client = connect(server.url);
  const load = runWorkers(server.url, 1, sleep(LOAD_MS), 100);
  const before = await server.processorTime();
  let count = 0;
  for (const until = performance.now() + LOAD_MS; performance.now() < until; count += 1) {
    await client.get('/summary', JSON_ONLY);
    await sleep(50);
  }
  const cost = spent(before, await server.processorTime());
  await load;
  client.close();
  return [['GET /summary, 20 a second: processor time for each', each(cost, count)]];
}

/** The long answers, and how long workers wait meanwhile that report twenty times a second. */
async function lists(server: Server): Promise<Row[]> {
  const rows: Row[] = [];
  const client = connect(server.url);
  const questions: Row[] = [
    ['/summary', 'application/json'],
    ['/status', 'application/json'],
    ['/status', 'application/vnd.replay.job+json'],
  ];
  for (const [path, accept] of questions) {
    const asked = sleep(500).then(() => timed(() => client.get(path, { ...JSON_ONLY, Accept: accept })));
    const { latencies } = await runWorkers(server.url, 20, asked, 50);
    const { ms, result } = await asked;
    const form = accept === 'application/json' ? '' : ', full records';
    rows.push([`GET ${path}${form} (${(result.length / 1e6).toFixed(1)} MB)`, showMs(ms)]);
    rows.push(['— longest POST meanwhile, of 20 workers', showMs(Math.max(...latencies))]);
  }
  client.close();
  return rows;
}

/** Log lines of a hundred hosts: at the pace of hosts that are all followed, and in a flood as fast as it goes. */
async function logs(server: Server): Promise<Row[]> {
  const hosts = 100;
  const calm = await costOf(server, { hosts, lines: 10, pauseMs: 2_000, ms: 2 * LOAD_MS });
  const flood = await costOf(server, { hosts, lines: 500, pauseMs: 0, ms: LOAD_MS });
  return [
    [`POST /job/log, ${hosts} hosts that send 10 lines every 2 s: processor time of one core`, calm.share],
    ['— its time, p50 / p99', calm.times],
    [`POST /job/log, ${hosts} hosts that send 500 lines without a pause`, flood.rate],
    ['— its processor time for each', flood.each],
  ];
}

async function costOf(
  server: Server,
  load: LogLoad,
): Promise<Record<'share' | 'each' | 'times' | 'rate', string>> {
  const before = await server.processorTime();
  const latencies = await sendLogs(server.url, load);
  const cost = spent(before, await server.processorTime());
  return {
    share: cost === null ? '–' : `${((cost / load.ms) * 100).toFixed(1)} %`,
    each: each(cost, latencies.length),
    times: `${showMs(percentile(latencies, 0.5))} / ${showMs(percentile(latencies, 0.99))}`,
    rate: showRate(latencies.length, load.ms),
  };
}

/** Milliseconds; null where the system does not tell. */
function spent(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : after - before;
}

function each(cost: number | null, count: number): string {
  return cost === null ? '–' : `${(cost / Math.max(count, 1)).toFixed(2)} ms`;
}

/** What a run of the current format takes when each of its jobs is done; nothing to compare it with elsewhere. */
async function finishedRestart(
  label: string,
  binary: string,
  manifest: string,
  dataDir: string,
): Promise<Row> {
  const what = `${label}: restart, all jobs done`;
  try {
    await finishAllJobs(dataDir);
  } catch {
    return [what, '–'];
  }
  const server = await startServer(binary, manifest, dataDir);
  await server.stop();
  return [what, showStart(server)];
}

function showStart({ listeningMs, processorMs }: Server): string {
  return `${showMs(listeningMs)}${processorMs === null ? '' : ` (${showMs(processorMs)})`}`;
}
