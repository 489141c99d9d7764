import { isRunning, type ProcessIdentity } from '../../files/process-identity.ts';

/** It needs nine seconds at most to end nodeos and give its job back. */
const GRACE_MS = 15_000;
const KILL_MS = 5000;
const LOOK_EVERY_MS = 100;

/**
 * Asks a worker to stop, and ends it with all that it has started when it does not. Whether the number is still
 * that of the worker is looked at before each signal.
 * @returns whether it is gone
 */
export async function stopWorker(
  worker: ProcessIdentity,
  sleep: (ms: number) => Promise<void>,
): Promise<boolean> {
  await signal(worker, worker.pid, 'SIGTERM');
  if (await gone(worker, GRACE_MS, sleep)) return true;
  // It leads a process group, in which nodeos is.
  await signal(worker, -worker.pid, 'SIGKILL');
  return gone(worker, KILL_MS, sleep);
}

async function signal(worker: ProcessIdentity, target: number, name: NodeJS.Signals): Promise<void> {
  if (!(await isRunning(worker))) return;
  try {
    process.kill(target, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function gone(
  worker: ProcessIdentity,
  patienceMs: number,
  sleep: (ms: number) => Promise<void>,
): Promise<boolean> {
  for (let waited = 0; waited <= patienceMs; waited += LOOK_EVERY_MS) {
    if (!(await isRunning(worker))) return true;
    await sleep(LOOK_EVERY_MS);
  }
  return false;
}
