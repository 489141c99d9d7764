import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENDED, readBootId, readStartTicks } from '../../core/files/process-identity.ts';

/**
 * A process that cannot be mistaken for another one: pids are used again, but not with the same start
 * time within one boot.
 */
export interface ProcessRecord {
  readonly pid: number;
  /** Field 22 of /proc/<pid>/stat: clock ticks from the boot to the start (proc(5)). */
  readonly startTicks: string;
  readonly bootId: string;
}

const RECORD_FILE = 'nodeos.pid';
const LEFTOVER_POLL_MS = 50;
const LEFTOVER_POLLS = 200;

/** Says which process a pid is now; null when there is none, or no /proc. */
export async function identify(pid: number): Promise<ProcessRecord | null> {
  const [startTicks, bootId] = await Promise.all([readStartTicks(pid), readBootId()]);
  return startTicks === null || startTicks === ENDED || bootId === null ? null : { pid, startTicks, bootId };
}

/** Notes in the attempt's folder which nodeos it runs, for {@link endLeftover} after we were killed. */
export async function writeRecord(directory: string, pid: number): Promise<void> {
  const record = await identify(pid);
  if (record) await writeFile(join(directory, RECORD_FILE), `${JSON.stringify(record)}\n`);
}

export async function removeRecord(directory: string): Promise<void> {
  await rm(join(directory, RECORD_FILE), { force: true });
}

/**
 * Ends the nodeos that an earlier worker left running in this folder, with all that it started. Does
 * nothing when there is none, and touches no other process that has its pid by now.
 * @returns the pid that was ended, or null
 */
export async function endLeftover(directory: string): Promise<number | null> {
  const record = await readRecord(directory);
  const ended = record !== null && (await endProcess(record));
  await removeRecord(directory);
  return ended ? record.pid : null;
}

/** Ends that process and its group, and waits until it is gone. False when it was gone already. */
export async function endProcess(record: ProcessRecord): Promise<boolean> {
  if (!(await isStill(record))) return false;
  killGroup(record.pid, 'SIGKILL');
  // One that leads no group of its own.
  if (await isStill(record)) kill(record.pid, 'SIGKILL');
  for (let i = 0; i < LEFTOVER_POLLS && (await isStill(record)); i++) await sleep(LEFTOVER_POLL_MS);
  return true;
}

/** Sends a signal to a process and all that it started (it leads a process group of its own). */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  kill(-pid, signal);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

async function isStill(record: ProcessRecord): Promise<boolean> {
  const now = await identify(record.pid);
  return now !== null && now.startTicks === record.startTicks && now.bootId === record.bootId;
}

async function readRecord(directory: string): Promise<ProcessRecord | null> {
  try {
    const record = JSON.parse(await readFile(join(directory, RECORD_FILE), 'utf8')) as Partial<ProcessRecord>;
    const { pid, startTicks, bootId } = record;
    if (!Number.isSafeInteger(pid) || pid! <= 1 || !startTicks || !bootId) return null;
    return { pid: pid!, startTicks, bootId };
  } catch {
    return null;
  }
}
