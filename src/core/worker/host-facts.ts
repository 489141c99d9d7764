import { readFile, statfs } from 'node:fs/promises';
import { arch, cpus, hostname, loadavg, platform, totalmem } from 'node:os';
import { formatUtc } from '../domain/time.ts';
import type { HostReportRecord } from '../protocol/host-report.ts';

interface Known {
  dataDir: string;
  version: string | null;
  pricePerHour: number | null;
  instanceId: string | null;
  /** Of this worker, and the time now. Milliseconds since 1970. */
  startedAt: number;
  now: number;
}

/** What this host is and how it is. Never throws: what cannot be told is null. */
export async function hostFacts({
  dataDir,
  version,
  pricePerHour,
  instanceId,
  startedAt,
  now,
}: Known): Promise<HostReportRecord> {
  const disk = await statfs(dataDir).catch(() => null);
  return {
    hostname: hostname(),
    instance_id: instanceId,
    version,
    os: platform(),
    arch: arch(),
    cpus: cpus().length,
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    memory_total: totalmem(),
    memory_free: await availableMemory(),
    disk_total: disk && disk.blocks * disk.bsize,
    disk_free: disk && disk.bavail * disk.bsize,
    started_at: formatUtc(new Date(startedAt)),
    uptime_seconds: Math.max(Math.round((now - startedAt) / 1000), 0),
    price_per_hour: pricePerHour,
  };
}

/** `MemAvailable` of proc(5), in bytes: what can be had without swapping. null: this system does not tell. */
export async function availableMemory(): Promise<number | null> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kib = /^MemAvailable:\s+(?<kib>\d+) kB$/m.exec(text)?.groups?.['kib'];
  return kib === undefined ? null : Number(kib) * 1024;
}

/**
 * Instances of EC2 (those on Nitro) have their id (`i-0abc…`) as the asset tag of their board, where everybody may
 * read it, without a question over the network.
 */
export async function instanceIdOfBoard(): Promise<string | null> {
  const text = await readFile('/sys/devices/virtual/dmi/id/board_asset_tag', 'utf8').catch(() => '');
  const tag = text.trim();
  return /^i-[0-9a-f]{8,17}$/.test(tag) ? tag : null;
}
