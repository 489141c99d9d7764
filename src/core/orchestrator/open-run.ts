import type { JobOrder } from '../domain/schedule.ts';
import type { Logger } from '../log/logger.ts';
import type { JobStore } from '../store/job-store.ts';
import { systemClock, type MonotonicClock } from './clock.ts';
import type { Context } from './context.ts';
import { beginLeases, createContext, type CareOptions } from './create-context.ts';
import type { DismissedHosts } from './dismissed-hosts.ts';
import type { ManifestWriter } from './manifest-writer.ts';
import type { Meters } from './metrics/meters.ts';
import { beginNotifications, type NotifyOptions } from './notifications.ts';
import type { Program } from '../files/program-file.ts';
import { summaryRecord } from './summary-of.ts';

/** What all runs of one process have in common. */
export interface RunSetting {
  dataDir: string;
  order: JobOrder;
  care: CareOptions;
  notify: NotifyOptions | null;
  /** Paces the record of the run's course. */
  historyClock: MonotonicClock;
  now: () => Date;
  logger: Logger;
  version: string | undefined;
  /** What hosts may fetch from this orchestrator. */
  program: Program | null;
  meters: Meters;
  dismissed: DismissedHosts;
}

/** A run that is open, with all that belongs to it. */
export interface OpenRun {
  context: Context;
  /** null: learned hashes are written nowhere but into the store. */
  writer: ManifestWriter | null;
  /** Begins to tell what becomes of it. One run at a time may do so: they share a file. */
  beginTelling(): Promise<void>;
  endTelling(): Promise<void>;
  /** Leases run from now on, and the course of the run is recorded. */
  begin(): void;
  /** Ends all of it, in order; what is to be kept is on disk then. */
  close(): Promise<void>;
}

/** Opens what belongs to a run; nothing of it happens by itself before `begin`. */
export async function openRun(
  store: JobStore,
  writer: ManifestWriter | null,
  setting: RunSetting,
): Promise<OpenRun> {
  const { order, care, notify, historyClock, now, logger, version, program, meters, dataDir } = setting;
  const { dismissed } = setting;
  const parts = { store, manifest: writer, order, now, logger, care, version, program, meters, dismissed };
  const context = await createContext(parts);
  let endTelling = async (): Promise<void> => undefined;
  return {
    context,
    writer,
    beginTelling: async () => {
      endTelling = await beginNotifications(context, notify, care.clock ?? systemClock(), dataDir);
    },
    endTelling: () => {
      const end = endTelling;
      endTelling = async () => undefined;
      return end();
    },
    begin: () => {
      beginLeases(context);
      context.history.begin(historyClock, now, () => summaryRecord(context));
    },
    close: async () => {
      context.leases.close();
      context.events.end();
      await context.history.close();
      await context.fleet.close();
      await store.close();
      await context.liveLogs.close();
      await endTelling();
      await writer?.close();
    },
  };
}
