/**
 * Loaded before the program (`node --import`): ends it, without any of its own doing, just before the Nth
 * call that changes a file. `REPLAY_TEST_DIE_AT` is N, counted from 1; 0 only counts. `REPLAY_TEST_DIE_HOW`:
 * - `killed`: nothing of the call happens;
 * - `torn`: half of what was to be written is;
 * - `power-cut`: what was written and not synced is gone, too.
 * The number of calls is left in the file `REPLAY_TEST_COUNT_FILE` when the program ends by itself.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Call = (this: unknown, ...args: unknown[]) => unknown;
type Api = Record<string, Call>;

const dieAt = Number(process.env['REPLAY_TEST_DIE_AT'] ?? 0);
const how = process.env['REPLAY_TEST_DIE_HOW'] ?? 'killed';
const countFile = process.env['REPLAY_TEST_COUNT_FILE'];
const { appendFileSync, existsSync, readlinkSync, statSync, truncateSync, writeFileSync } = fs;
/** Length up to which each file that was written since its last sync is on disk. */
const durable = new Map<string, number>();
let calls = 0;

function die(path: string | null, data: unknown): never {
  if (how === 'torn' && path !== null && (typeof data === 'string' || Buffer.isBuffer(data))) {
    appendFileSync(path, data.slice(0, data.length / 2));
  }
  if (how === 'power-cut') {
    for (const [file, length] of durable) if (existsSync(file)) truncateSync(file, length);
  }
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment; nothing more is to happen in it.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** The file that a call is about: its path, the file behind its number, or that of its handle. */
function fileOf(self: unknown, first: unknown): string | null {
  if (typeof first === 'string') return first;
  const number = typeof first === 'number' ? first : (self as { fd?: number } | null)?.fd;
  return typeof number === 'number' ? readlinkSync(`/proc/self/fd/${number}`) : null;
}

type Kind = 'write' | 'sync' | 'other';

function watch(api: Api, name: string, kind: Kind): void {
  const original = api[name];
  if (original === undefined) throw new Error(`There is no ${name} to be watched`);
  api[name] = function watched(this: unknown, ...args: unknown[]): unknown {
    const path = fileOf(this, args[0]);
    if (path !== null && !path.startsWith('/')) return original.apply(this, args);
    calls += 1;
    const data = typeof args[0] === 'string' || typeof args[0] === 'number' ? args[1] : args[0];
    if (calls === dieAt) die(path, kind === 'write' ? data : undefined);
    return note(kind, path, args, () => original.apply(this, args));
  };
}

function note(kind: Kind, path: string | null, args: unknown[], call: () => unknown): unknown {
  if (path === null) return call();
  if (kind === 'write' && !durable.has(path)) durable.set(path, existsSync(path) ? statSync(path).size : 0);
  const result = call();
  const after = (): void => {
    if (kind === 'sync') durable.delete(path);
    const [, to] = args;
    if (kind === 'other' && typeof to === 'string' && !existsSync(path)) moved(path, to);
  };
  if (result instanceof Promise) {
    return result.then((value: unknown) => {
      after();
      return value;
    });
  }
  after();
  return result;
}

/** A file that is moved takes along what is not synced of it. */
function moved(from: string, to: string): void {
  const length = durable.get(from);
  durable.delete(from);
  durable.delete(to);
  if (length !== undefined) durable.set(to, length);
}

const handle = await fs.promises.open('/dev/null');
const handles = Object.getPrototypeOf(handle) as Api;
await handle.close();
const promises = fs.promises as unknown as Api;
const plain = fs as unknown as Api;
for (const name of ['write', 'writev', 'writeFile', 'appendFile']) watch(handles, name, 'write');
for (const name of ['sync', 'datasync']) watch(handles, name, 'sync');
watch(handles, 'truncate', 'other');
for (const name of ['writeFile', 'appendFile']) watch(promises, name, 'write');
for (const name of ['rename', 'link', 'unlink', 'rm', 'mkdir', 'truncate', 'copyFile'])
  watch(promises, name, 'other');
for (const name of ['write', 'writev', 'writeSync', 'writeFileSync', 'appendFileSync'])
  watch(plain, name, 'write');
for (const name of ['fsync', 'fdatasync', 'fsyncSync', 'fdatasyncSync']) watch(plain, name, 'sync');
for (const name of [
  'rename',
  'unlink',
  'renameSync',
  'unlinkSync',
  'copyFileSync',
  'truncateSync',
  'ftruncate',
])
  watch(plain, name, 'other');
syncBuiltinESMExports();

if (countFile !== undefined) process.once('exit', () => writeFileSync(countFile, String(calls)));
