import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { AttemptFailure } from '../domain/attempt-failure.ts';
import { DamagedFileError, outOfMemory } from './sink.ts';
import type { ZstdDecoder } from './zstd.ts';

type Child = ChildProcessByStdio<Writable, null, Readable>;

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

const MAX_STDERR = 4096;

/**
 * All that it needs to be found and to start; ours may hold credentials and settings that act on every
 * program. Its messages are read, so they must not be in the language of the host.
 */
function environment({ PATH, LD_LIBRARY_PATH }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    LC_ALL: 'C.UTF-8',
    ...(PATH === undefined ? {} : { PATH }),
    ...(LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH }),
  };
}

/**
 * Starts `zstd -dc --long=31` with the target as its output: the decompressed bytes never pass through here.
 *
 * @returns null when the host has no such program.
 */
export async function startZstdProgram(target: FileHandle): Promise<ZstdDecoder | null> {
  // --long=31: snapshots compressed with a large window need it, others do not mind.
  // In a process group of its own, so that Ctrl-C in a terminal reaches us alone and we end it in order;
  // should we be killed, the end of its input ends it.
  const child = spawn('zstd', ['-dc', '-q', '--long=31'], {
    env: environment(process.env),
    stdio: ['pipe', target.fd, 'pipe'],
    detached: true,
  }) as Child;
  const exit = exitOf(child);
  // EPIPE when it has ended early; why it did is known from its exit.
  child.stdin.on('error', () => undefined);
  if (!(await hasStarted(child))) return null;
  return createDecoder(child, exit);
}

function createDecoder(child: Child, exit: Promise<Exit>): ZstdDecoder {
  return {
    async write(piece) {
      if (child.stdin.write(piece.bytes)) return;
      const early = await Promise.race([drained(child), exit]);
      if (early !== null) throw failureOf(early);
    },
    async finish() {
      child.stdin.end();
      const result = await exit;
      if (result.code !== 0) throw failureOf(result);
    },
    async abort() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

async function drained(child: Child): Promise<null> {
  try {
    await once(child.stdin, 'drain');
    return null;
  } catch {
    // Its input is closed, so its exit follows.
    return new Promise<null>(() => undefined);
  }
}

async function hasStarted(child: Child): Promise<boolean> {
  try {
    await once(child, 'spawn');
    return true;
  } catch {
    return false;
  }
}

/** Never rejects, so that it may be looked at whenever it is needed. */
function exitOf(child: Child): Promise<Exit> {
  let stderr = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    if (stderr.length < MAX_STDERR) stderr += text;
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, stderr: error.message }));
    child.once('close', (code, signal) => resolve({ code, signal, stderr }));
  });
}

function failureOf({ code, signal, stderr }: Exit): Error {
  if (/No space left on device/.test(stderr))
    return Object.assign(new Error('zstd: disk full'), { code: 'ENOSPC' });
  if (/Disk quota exceeded/.test(stderr)) return Object.assign(new Error('zstd: quota'), { code: 'EDQUOT' });
  const said = stderr.trim().split('\n').at(-1) ?? '';
  if (/memory/i.test(said)) return outOfMemory(said);
  // Nobody but the kernel sends SIGKILL to it, and that only for want of memory.
  if (signal === 'SIGKILL') return outOfMemory('The zstd program was ended by SIGKILL while it decompressed');
  if (signal !== null) return new AttemptFailure('download', `The zstd program was ended by ${signal}`);
  return new DamagedFileError(`it cannot be decompressed: zstd exited with ${code}: ${said}`);
}
