import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { capture } from '../../nodeos/process/process-capture.ts';

export interface SystemFacts {
  /** As Node names it: `x64`, `arm64`. */
  architecture: string;
  /** `PRETTY_NAME` of os-release(5); null when the system does not tell. */
  name: string | null;
  /** Version of the GNU C library, such as `2.36`; null where there is another, or none. */
  glibc: string | null;
}

export interface MemoryFacts {
  /** `MemTotal` and `MemAvailable` of proc(5), in bytes; null when the system does not tell. */
  total: number | null;
  available: number | null;
  /** What the control group of this process may still take (cgroup v2), in bytes; null: no limit. */
  cgroupLeft: number | null;
}

/** Soft limits of this process, which what it starts inherits; null: none. */
export interface LimitFacts {
  openFiles: number | null;
  /** Bytes. */
  fileSize: number | null;
}

/** How a program answered to `--version`; null: there is none. */
export type ToolFacts = { firstLine: string } | null;

const ANSWER_MS = 5000;

export async function readSystem(signal: AbortSignal): Promise<SystemFacts> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return {
    architecture: process.arch,
    name: prettyName(release),
    glibc: await capture('getconf', ['GNU_LIBC_VERSION'], { timeoutMs: ANSWER_MS, signal }).then(
      ({ stdout }) => /^glibc (?<version>\d+\.\d+)/u.exec(stdout)?.groups?.['version'] ?? null,
      () => null,
    ),
  };
}

export function prettyName(osRelease: string): string | null {
  return /^PRETTY_NAME="?(?<name>[^"\n]+)"?$/mu.exec(osRelease)?.groups?.['name'] ?? null;
}

export async function readMemory(): Promise<MemoryFacts> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  return { ...parseMeminfo(text), cgroupLeft: await readCgroupLeft() };
}

export function parseMeminfo(text: string): { total: number | null; available: number | null } {
  const bytes = (field: string): number | null => {
    const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'mu').exec(text)?.[1];
    return kib === undefined ? null : Number(kib) * 1024;
  };
  return { total: bytes('MemTotal'), available: bytes('MemAvailable') };
}

/** A container's own group is the root of what it sees; elsewhere /proc/self/cgroup names it (cgroups(7)). */
async function readCgroupLeft(): Promise<number | null> {
  const named = await readFile('/proc/self/cgroup', 'utf8').catch(() => '');
  const path = /^0::(?<path>\/.*)$/mu.exec(named)?.groups?.['path'] ?? '/';
  const folder = join('/sys/fs/cgroup', path);
  const [most, now] = await Promise.all(
    ['memory.max', 'memory.current'].map(async (name) =>
      Number.parseInt(await readFile(join(folder, name), 'utf8').catch(() => ''), 10),
    ),
  );
  // "max", or no such file: no limit.
  return Number.isNaN(most) || Number.isNaN(now) ? null : Math.max(most! - now!, 0);
}

export async function readLimits(): Promise<LimitFacts> {
  return parseLimits(await readFile('/proc/self/limits', 'utf8').catch(() => ''));
}

/** /proc/<pid>/limits of proc(5). */
export function parseLimits(text: string): LimitFacts {
  const soft = (name: string): number | null => {
    const value = new RegExp(`^${name}\\s+(\\d+)\\s`, 'mu').exec(text)?.[1];
    return value === undefined ? null : Number(value);
  };
  return { openFiles: soft('Max open files'), fileSize: soft('Max file size') };
}

export async function readTool(tool: string, signal: AbortSignal): Promise<ToolFacts> {
  try {
    const { stdout, stderr } = await capture(tool, ['--version'], { timeoutMs: ANSWER_MS, signal });
    const [line = ''] = (stdout || stderr).trim().split('\n');
    // zstd frames its name with asterisks.
    return { firstLine: line.replaceAll(/^\*+ | \*+$/gu, '').slice(0, 100) };
  } catch {
    return null;
  }
}
