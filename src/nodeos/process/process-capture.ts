import { spawn } from 'node:child_process';
import { cleanEnv } from './process-env.ts';

/** How a short-lived program ended, and what it said (at most 64 KiB of each stream). */
export interface Captured {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** It was ended because it took longer than allowed. */
  readonly timedOut: boolean;
}

const MOST_OUTPUT = 64 * 1024;

export interface CaptureOptions {
  /** Milliseconds until it is ended with SIGKILL. */
  timeoutMs: number;
  signal?: AbortSignal;
}

/**
 * Runs a program to its end, without a shell and with a clean environment.
 * @throws the error of `spawn` when it cannot be started (`code` is ENOENT, EACCES, …), or the
 *   reason of the signal when that is aborted
 */
export async function capture(
  command: string,
  args: readonly string[],
  options: CaptureOptions,
): Promise<Captured> {
  const { signal, timeoutMs } = options;
  signal?.throwIfAborted();
  const child = spawn(command, [...args], {
    env: cleanEnv(process.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: false,
  });
  let timedOut = false;
  const kill = () => child.kill('SIGKILL');
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, timeoutMs);
  signal?.addEventListener('abort', kill, { once: true });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  try {
    const ended = await new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, by) => resolve({ code, signal: by }));
    });
    signal?.throwIfAborted();
    return { ...ended, stdout: stdout(), stderr: stderr(), timedOut };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
  }
}

/** Keeps the beginning of a stream; what comes after is read and dropped. */
function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    if (length >= MOST_OUTPUT) return;
    chunks.push(chunk);
    length += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8').slice(0, MOST_OUTPUT);
}
