import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Tells one process from every other, also from a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  host: string;
  /** Of the machine's current boot; null where the system does not tell. */
  bootId: string | null;
  /** In clock ticks since boot (field 22 of /proc/<pid>/stat); null where the system does not tell. */
  startTicks: string | null;
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  return {
    pid: process.pid,
    host: hostname(),
    bootId: await readBootId(),
    startTicks: await readStartTicks(process.pid),
  };
}

/** Whether that process still runs. A process on another host is taken to run: it cannot be looked at from here. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  if (identity.host !== hostname()) return true;
  if (identity.bootId !== (await readBootId())) return false;
  if (!exists(identity.pid)) return false;
  return identity.startTicks === (await readStartTicks(identity.pid));
}

/** In the place of start ticks; equal to none that a process ever wrote down of itself. */
export const ENDED = 'ended';

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Of the machine's current boot; null where the system does not tell. */
export async function readBootId(): Promise<string | null> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}

/**
 * Clock ticks from the boot to the start of a process (field 22 of /proc/<pid>/stat, proc(5)); `ENDED`
 * for one that is dead and only not yet asked for by its parent, in a container perhaps for ever; null
 * when there is none, or the system does not tell.
 */
export async function readStartTicks(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The program's name, in parentheses, may contain anything; the fields after it are counted from the last one.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return fields[0] === 'Z' || fields[0] === 'X' ? ENDED : (fields[19] ?? null);
}
