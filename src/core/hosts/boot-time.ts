import { parseUtc } from '../domain/time.ts';
import { BOOT_MS, type FleetHostView } from './fleet-view.ts';
import type { ProviderName } from './provider.ts';

/** From its launch until a host takes a job, unless hosts of the fleet have shown it. Seconds. */
const USUAL_SECONDS: Readonly<Record<ProviderName, number>> = { ec2: 180, ssh: 30, local: 10 };

/**
 * Seconds from its launch until a new host takes a job: the median of the hosts of this run that have spoken, else
 * what is usual. Pure.
 */
export function bootSeconds(
  views: readonly FleetHostView[],
  provider: ProviderName,
  run: string | null,
): number {
  const shown = views
    .filter(({ host }) => run !== null && host.run === run)
    .flatMap(({ host, record }) => {
      const first = record === null ? null : (parseUtc(record.first_seen)?.getTime() ?? null);
      if (first === null || host.launchedAt === null) return [];
      // One that took longer was heard late, or by another orchestrator before.
      const ms = first - host.launchedAt;
      return ms > 0 && ms < BOOT_MS ? [ms / 1000] : [];
    })
    .toSorted((one, other) => one - other);
  return shown[Math.floor((shown.length - 1) / 2)] ?? USUAL_SECONDS[provider];
}

/** Seconds until each of the hosts is there that have not spoken yet. Pure. */
export function arriving(views: readonly FleetHostView[], boot: number): number[] {
  return views
    .filter(({ activity }) => activity === 'booting')
    .map(({ ageMs }) => Math.max(boot - (ageMs ?? 0) / 1000, 0));
}
