import type { RetryPolicy } from '../domain/retry-policy.ts';
import type { Logger } from '../log/logger.ts';
import type { RunArchive } from '../runs/run-archive.ts';
import type { JobStore } from '../store/job-store.ts';
import type { DismissedHosts } from './dismissed-hosts.ts';
import type { FleetKeeper } from './fleet-keeper.ts';
import type { HostEvents } from './events/host-events.ts';
import type { RunEvents } from './events/run-events.ts';
import type { Meters } from './metrics/meters.ts';
import type { RunPause } from './run-pause.ts';
import type { Rates } from './rates.ts';
import type { RunHistory } from './history/run-history.ts';
import type { Hosts } from './hosts.ts';
import type { JobOffers } from './job-offers.ts';
import type { Leases } from './leases.ts';
import type { LiveLogs } from './logs/live-logs.ts';
import type { ManifestWriter } from './manifest-writer.ts';
import type { Program } from '../files/program-file.ts';

/** What the handlers work with. */
export interface Context {
  store: JobStore;
  offers: JobOffers;
  leases: Leases;
  /** Which of them may have jobs. */
  hosts: Hosts;
  /** Which get no more jobs because they are about to be ended. */
  dismissed: DismissedHosts;
  /** Which there are, and what they cost. */
  fleet: FleetKeeper;
  /** The last log lines of the attempts at work. */
  liveLogs: LiveLogs;
  events: RunEvents;
  hostEvents: HostEvents;
  policy: RetryPolicy;
  /** Whether jobs are handed out. */
  pause: RunPause;
  /** null: the manifest file is left alone. */
  manifest: ManifestWriter | null;
  /** The runs before this one. */
  runs: RunArchive;
  history: RunHistory;
  /** Of single jobs. */
  rates: Rates;
  meters: Meters;
  now: () => Date;
  /** From 0 up to 1. */
  random: () => number;
  logger: Logger;
  /** Of this program. */
  version: string;
  /** Its file; null when it runs from source. */
  program: Program | null;
}
