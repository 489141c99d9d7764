import { brotliCompressSync, gzipSync } from 'node:zlib';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { nonConformance } from './openapi-conformance.ts';
import { ManualMonotonic } from './manual-monotonic.ts';
import type { Logger } from '../../../src/core/log/logger.ts';
import type { Asset, Assets } from '../../../src/core/orchestrator/dashboard/assets.ts';
import { reports } from '../../../src/commands/support/reports.ts';
import { startOrchestrator, type OrchestratorOptions } from '../../../src/core/orchestrator/start.ts';

export interface Answer {
  status: number;
  text: string;
  headers: Headers;
  /** With its quotes, as it was received. */
  etag: string;
  json(): unknown;
}

export interface LogEntry {
  level: string;
  message: string;
  fields: Record<string, unknown>;
}

export interface Running {
  url: string;
  /** The folder with the manifest and the data directory. */
  folder: string;
  manifestPath: string;
  dataDir: string;
  log: LogEntry[];
  clock: { now: Date };
  /** What leases, reservations and delays are measured with. */
  monotonic: ManualMonotonic;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Lets milliseconds pass, and waits until what follows from that is on disk. */
  elapse(milliseconds: number): Promise<void>;
  request(
    method: string,
    path: string,
    init?: { headers?: Record<string, string>; body?: string },
  ): Promise<Answer>;
  manifest(): Promise<string>;
  close(): Promise<void>;
  /** Closes, and starts again on the same folder. */
  restart(options?: Partial<OrchestratorOptions>): Promise<Running>;
}

/** Stands in for the built dashboard. */
export const ASSETS: Assets = new Map([
  ['index.html', asset('text/html; charset=utf-8', '<!doctype html><html lang="en"></html>')],
  ['index-1a2b.js', asset('text/javascript; charset=utf-8', 'script')],
  ['index-3c4d.css', asset('text/css; charset=utf-8', 'style')],
]);

function asset(type: string, text: string): Asset {
  const [br, gzip] = [brotliCompressSync(text), gzipSync(text)];
  return { type, etag: `"${text.length}"`, plain: Buffer.from(text), br, gzip };
}

export const hashOf = (char: string): string => char.repeat(64);

export type Entry = Record<string, unknown>;

/** A manifest entry; the first block 0 starts from genesis. */
export function entry(startBlock: number, endBlock: number, more: Entry = {}): Entry {
  return {
    start_block_id: startBlock,
    end_block_id: endBlock,
    snapshot_path: startBlock === 0 ? '' : `s3://bucket/snapshot-${startBlock}.bin.zst`,
    storage_type: 's3',
    expected_integrity_hash: '',
    leap_version: '5.0.2',
    ...more,
  };
}

/** Slices of 100 blocks that start at block 1000. */
export function chain(count: number): Entry[] {
  return Array.from({ length: count }, (_, index) => entry(1000 + index * 100, 1100 + index * 100));
}

/** Starts an orchestrator in a folder of its own, on a free port; it is closed when the test ends. */
export async function serve(entries: Entry[], options: Partial<OrchestratorOptions> = {}): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-orchestrator-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(entries, null, 4)}\n`);
  return serveIn(folder, options);
}

export async function serveIn(folder: string, options: Partial<OrchestratorOptions> = {}): Promise<Running> {
  const manifestPath = options.manifestPath ?? join(folder, 'manifest.json');
  const dataDir = join(folder, 'data');
  const clock = { now: new Date('2026-11-22T10:51:26.000Z') };
  const monotonic = new ManualMonotonic();
  const { log, logger } = recordingLogger();
  const orchestrator = await startOrchestrator({
    host: '127.0.0.1',
    port: 0,
    order: 'manifest',
    updateConfig: true,
    checkNodeosOptions: () => [],
    reports,
    now: () => clock.now,
    assets: ASSETS,
    // A test that takes long on a busy machine writes nothing for it.
    historyClock: new ManualMonotonic(),
    dataDir,
    logger,
    ...options,
    care: { clock: monotonic, random: () => 0.5, ...options.care },
    manifestPath,
  });
  onTestFinished(() => orchestrator.close());
  const request: Running['request'] = async (method, path, init = {}) =>
    conforming(
      method,
      path,
      await answerOf(await fetch(orchestrator.url + path, { method, redirect: 'manual', ...init })),
    );
  return {
    url: orchestrator.url,
    folder,
    manifestPath,
    dataDir,
    log,
    clock,
    monotonic,
    elapse: async (milliseconds) => {
      monotonic.advance(milliseconds);
      // Refusals too are given only after all that was decided before them.
      await request('POST', '/job?jobid=1', {
        headers: { 'If-Match': '"none"' },
        body: '{"status":"ERROR"}',
      });
    },
    request,
    get: (path, headers = {}) => request('GET', path, { headers }),
    post: (path, body, headers = {}) =>
      request('POST', path, { headers, body: typeof body === 'string' ? body : JSON.stringify(body) }),
    manifest: () => readFile(manifestPath, 'utf8'),
    close: () => orchestrator.close(),
    restart: async (again = {}) => {
      await orchestrator.close();
      return serveIn(folder, { ...options, ...again });
    },
  };
}

/** Whatever a test asks for, the answer is one that the OpenAPI document names. */
function conforming(method: string, path: string, answer: Answer): Answer {
  const type = answer.headers.get('content-type');
  const problem = nonConformance(method, path, { status: answer.status, type, text: answer.text });
  if (problem !== null) throw new Error(`${method} ${path}: ${problem}`);
  return answer;
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const { status, headers } = response;
  return { status, text, headers, etag: headers.get('etag') ?? '', json: () => JSON.parse(text) as unknown };
}

export function recordingLogger(): { log: LogEntry[]; logger: Logger } {
  const log: LogEntry[] = [];
  const write = (level: string) => (fields: object, message: string) =>
    void log.push({ level, message, fields: { ...fields } });
  return {
    log,
    logger: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
  };
}

export const JSON_ONLY = { Accept: 'application/json' };
export const FULL = { Accept: 'application/vnd.replay.job+json' };

/** Claims the next job as a worker that names itself. */
export async function claim(server: Running, worker: string): Promise<{ jobId: number; etag: string }> {
  const headers = { 'X-Replay-Worker': worker };
  const offered = await server.get('/job?nextjob', { ...JSON_ONLY, ...headers });
  const { job_id: jobId } = offered.json() as { job_id: number };
  const claimed = await server.post(
    `/job?jobid=${jobId}`,
    { status: 'STARTED' },
    { ...headers, 'If-Match': offered.etag },
  );
  return { jobId, etag: claimed.etag };
}

/** Takes a job from its claim to COMPLETE with this hash. */
export async function complete(server: Running, worker: string, hash: string): Promise<number> {
  const { jobId, etag } = await claim(server, worker);
  const body = { status: 'COMPLETE', actual_integrity_hash: hash };
  await server.post(`/job?jobid=${jobId}`, body, { 'X-Replay-Worker': worker, 'If-Match': etag });
  return jobId;
}
