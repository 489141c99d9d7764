import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** An orchestrator of the built file. */
export interface Server {
  url: string;
  /** From the start of the process until it says where it listens. Milliseconds. */
  listeningMs: number;
  /** Processor time until then, which does not depend on what else the machine does. Null where it does not tell. */
  processorMs: number | null;
  /** Processor time until now. Milliseconds; null where the system does not tell. */
  processorTime(): Promise<number | null>;
  /** The most memory that the process has taken so far. Bytes; null where the system does not tell. */
  peakMemory(): Promise<number | null>;
  /** Ends it in order. @returns how long that took. Milliseconds */
  stop(): Promise<number>;
}

const START_LIMIT_MS = 120_000;

/** @throws Error with what the program said when it ends or does not listen in time */
export async function startServer(binary: string, manifest: string, dataDir: string): Promise<Server> {
  const began = performance.now();
  const flags = ['--config', manifest, '--data-dir', dataDir, '--port', '0', '--log-level', 'warn'];
  const child = spawn(binary, ['serve', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await listening(child);
  const listeningMs = performance.now() - began;
  const processorMs = await processorTime(child.pid);
  return {
    url,
    listeningMs,
    processorMs,
    processorTime: () => processorTime(child.pid),
    peakMemory: () => peakMemory(child.pid),
    stop: async () => {
      const asked = performance.now();
      child.kill('SIGTERM');
      await once(child, 'exit');
      return performance.now() - asked;
    },
  };
}

async function listening(child: ChildProcess): Promise<string> {
  let errors = '';
  child.stderr?.on('data', (data: Buffer) => (errors += data.toString()));
  const timer = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /^Orchestrator: (\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    clearTimeout(timer);
    return url;
  }
  clearTimeout(timer);
  throw new Error(`the orchestrator did not start: ${errors}`);
}

async function peakMemory(pid: number | undefined): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

/** Linux counts in hundredths of a second (proc(5), fields 14 and 15). */
async function processorTime(pid: number | undefined): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields ? (Number(fields[11]) + Number(fields[12])) * 10 : null;
}
