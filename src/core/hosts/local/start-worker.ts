import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { readBootId, readStartTicks, type ProcessIdentity } from '../../files/process-identity.ts';
import type { Slot } from './slot.ts';

/** What the worker may know of our environment: where programs are, and how storage is reached. */
const KEPT =
  /^(PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|LD_LIBRARY_PATH|AWS_\w+|SSL_CERT_\w+|REPLAY_STAND_IN_\w+)$/;

/**
 * Starts a worker in a session of its own, so that it outlives us and our terminal; its output goes to its log.
 * @param command the program and its arguments
 * @throws Error when it cannot be started at all
 */
export async function startWorker(
  slot: Slot,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ProcessIdentity> {
  const [program = '', ...args] = command;
  await mkdir(slot.dataDir, { recursive: true, mode: 0o700 });
  const log = await open(slot.log, 'a', 0o600);
  try {
    const child = spawn(program, args, {
      cwd: slot.folder,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: Object.fromEntries(Object.entries(env).filter(([name]) => KEPT.test(name))),
    });
    await once(child, 'spawn');
    child.unref();
    const pid = child.pid!;
    return { pid, host: hostname(), bootId: await readBootId(), startTicks: await readStartTicks(pid) };
  } finally {
    await log.close();
  }
}
