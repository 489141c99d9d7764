import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { emptyObservation, observe, type Observation } from '../../../src/nodeos/log/observation.ts';

/** Logs, answers and tables recorded from real runs. Long logs are stored with gzip. */
const FIXTURES = join(import.meta.dirname, '../../fixtures/nodeos');

export type Product = 'leap' | 'spring';

/** The lines of a recorded log, named by its path without `.log`. */
export function logLines(name: string): string[] {
  const path = join(FIXTURES, `${name}.log`);
  const text = existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`));
  const lines = text.toString('utf8').split('\n');
  // What follows the last line feed is no whole line.
  lines.pop();
  return lines;
}

export function observeAll(lines: readonly string[], from: Observation = emptyObservation): Observation {
  return lines.reduce(observe, from);
}

export function recordedObservation(name: string): Observation {
  return observeAll(logLines(name));
}

/** The names of all recorded logs, those of the block log tools among them. */
export function allLogs(): string[] {
  return ['leap-5.0.3/logs', 'spring-1.2.2/logs'].flatMap((folder) =>
    readdirSync(join(FIXTURES, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => /\.log(\.gz)?$/.test(entry.name))
      .map((entry) => relative(FIXTURES, join(entry.parentPath, entry.name)).replace(/\.log(\.gz)?$/, '')),
  );
}

/** The programs that the recorder ran in a case: in the Leap folder some are Spring's. */
export function productOfCase(name: string): Product {
  return name.startsWith('spring') || name.endsWith('.spring') || name.includes('spring-cross')
    ? 'spring'
    : 'leap';
}

export function integrityAnswer(name: string): unknown {
  const path = join(FIXTURES, `${name}.get_integrity_hash.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** The rows of a table, by column. A `-` is read as null. */
export function table(name: string): Record<string, string | null>[] {
  const lines = readFileSync(join(FIXTURES, name), 'utf8').trimEnd().split('\n');
  const [header = '', ...rows] = lines.filter((line) => !line.startsWith('#'));
  const columns = header.split('\t');
  return rows.map((row) => {
    const values = row.split('\t');
    return Object.fromEntries(
      columns.map((column, i) => [column, values[i] === '-' ? null : (values[i] ?? null)]),
    );
  });
}

const HASHES = new Map(
  table('hashes.tsv').map((row) => [`${row['chain']} ${row['product']} ${row['block']}`, row['hash'] ?? '']),
);

/** The true state hash at a block of the chain that a case was recorded on, as its program computes it. */
export function trueHash(name: string, block: number): string | undefined {
  const chain = name.startsWith('leap') ? 'leap' : 'spring';
  return HASHES.get(`${chain} ${productOfCase(name)} ${block}`);
}
