/**
 * Measures the orchestrator of a built file: `npm run bench`, or `node test/bench/orchestrator.ts FILE…` to
 * compare several in one sitting. Everything stays on the loopback address and in a temporary folder, the
 * number of requests is bounded by time, and nothing is asserted: the numbers are for docs/performance.md.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { arch, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { measureSlices, measureStartUp, type Row } from './measure-binary.ts';
import { showMemory, showMs, showRate } from './support/numbers.ts';

const run = promisify(execFile);
const BASELINE_DOCUMENTS = 100_000;

async function main(): Promise<void> {
  const binaries = process.argv.slice(2).map((path) => resolve(path));
  if (binaries.length === 0) binaries.push(resolve('dist/replay'));
  print(await machine());
  const folder = await mkdtemp(join(tmpdir(), 'replay-bench-'));
  try {
    const columns: Row[][] = binaries.map(() => []);
    // One after the other at each step, so that a busy machine is unfair to none of them.
    for (const slices of [null, 900, 10_000, 100_000]) {
      for (const [index, binary] of binaries.entries()) {
        print(`Measuring ${basename(binary)}${slices === null ? '' : ` with ${slices} slices`} …`);
        const rows = slices === null ? measureStartUp(binary) : measureSlices(binary, folder, slices);
        columns[index]?.push(...(await rows));
      }
    }
    print(table(binaries, columns));
    print(await baseline());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function machine(): Promise<string> {
  const bun = await run('node_modules/.bin/bun', ['--version']).catch(() => ({ stdout: 'unknown' }));
  const [load = 0] = loadavg();
  const facts = [
    `${cpus().length} CPUs (${cpus()[0]?.model.trim() || arch()})`,
    `${showMemory(totalmem())} of memory`,
    `load ${load.toFixed(1)} before the start`,
    `Bun ${bun.stdout.trim()} in the binary`,
    `Node ${process.versions.node} for the load, on the same machine`,
  ];
  return `${new Date().toISOString().slice(0, 10)}: ${facts.join(', ')}`;
}

function table(binaries: readonly string[], columns: readonly Row[][]): string {
  const names = binaries.map((binary) => basename(binary));
  const header = ['', ...names];
  const [first = []] = columns;
  const rows = first.map(([what], index) => [what, ...columns.map((column) => column[index]?.[1] ?? '')]);
  return ['', header, header.map(() => '---'), ...rows]
    .map((cells) => (typeof cells === 'string' ? cells : `| ${cells.join(' | ')} |`))
    .join('\n');
}

async function baseline(): Promise<string> {
  const flags = ['run', 'test/bench/nedb-baseline.ts', String(BASELINE_DOCUMENTS)];
  const { stdout } = await run('node_modules/.bin/bun', flags);
  const {
    insertMs = 0,
    loadMs = 0,
    updateMs = 0,
    updates = 0,
  } = JSON.parse(stdout) as Record<string, number>;
  const count = BASELINE_DOCUMENTS.toLocaleString('en');
  return `\nNeDB by itself under Bun, not synced: ${count} documents inserted in ${showMs(insertMs)}, loaded in ${showMs(loadMs)}; ${showRate(updates, updateMs)} updates.`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
