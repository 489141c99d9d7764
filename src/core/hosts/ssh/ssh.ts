import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';

export interface SshCall {
  /** As ssh takes it: `admin@10.0.0.7`, `ssh://root@host:2222`, an alias of its configuration. */
  readonly target: string;
  /** Further arguments of ssh. */
  readonly options: readonly string[];
  /** For the shell of the machine. No secret: its process list shows it. */
  readonly command: string;
  readonly stdin: string | Readable;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** ssh, or what runs on the machine, has failed; the message is what it said. */
export class SshError extends Error {
  override readonly name = 'SshError';
}

/** Asks no questions: nobody may be there to answer them. Notices soon when the machine is gone. */
const ALWAYS = ['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-o', 'ServerAliveInterval=15'];
const MAX_OUTPUT = 256 * 1024;

/**
 * Runs a command on a machine with the system's own ssh, which has the keys and knows the hosts.
 * @returns what it printed
 * @throws SshError with what ssh or the command said
 */
export async function ssh(call: SshCall): Promise<string> {
  const { target, options, command, stdin, timeoutMs, signal } = call;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const child = spawn('ssh', [...ALWAYS, ...options, '--', target, command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: limit,
    killSignal: 'SIGTERM',
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] = (output[name] + text).slice(-MAX_OUTPUT);
    });
  }
  // A command that ends early does not read the rest; why it ended is told by its code.
  const fed = (typeof stdin === 'string' ? endWith(child.stdin, stdin) : pipeline(stdin, child.stdin)).catch(
    () => undefined,
  );
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    await fed;
    if (code === 0) return output.stdout;
    throw new SshError(said(output.stderr) || `ssh ended with ${code}`);
  } catch (error) {
    if (error instanceof SshError) throw error;
    signal.throwIfAborted();
    if (limit.aborted) throw new SshError(`no answer within ${timeoutMs / 1000} s`);
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new SshError(missing ? 'there is no program ssh on this machine' : (error as Error).message);
  }
}

async function endWith(stream: NodeJS.WritableStream, text: string): Promise<void> {
  stream.on('error', () => undefined);
  stream.end(text);
}

/** Its last lines, without what would drive a terminal. */
function said(stderr: string): string {
  const lines = stderr.split(/[\r\n]+/).map((line) => line.replaceAll(/\p{Cc}/gu, ' ').trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('Warning: Permanently added'))
    .slice(-2)
    .join(' / ')
    .slice(0, 500);
}
