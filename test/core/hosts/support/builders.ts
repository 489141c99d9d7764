import type { FleetSituation } from '../../../../src/core/hosts/autoscale/decide-fleet.ts';
import type { FleetHostView, HostActivity } from '../../../../src/core/hosts/fleet-view.ts';
import type { HostRecord } from '../../../../src/core/protocol/host-record.ts';
import { aHost } from './memory-provider.ts';

/** 2026-11-22T10:00:00Z */
export const NOW = Date.UTC(2026, 10, 22, 10);

export const MINUTE = 60_000;

export function aRecord(fields: Partial<HostRecord> = {}): HostRecord {
  return {
    worker_id: 'a',
    instance_id: 'i-1',
    first_seen: '2026-11-22T09:00:00',
    last_heard: '2026-11-22T10:00:00',
    seconds_since_heard: 0,
    is_seen: true,
    set_aside: false,
    job_id: null,
    status: null,
    stage: null,
    attempts: [],
    ...fields,
  } as HostRecord;
}

export function aView(activity: HostActivity, fields: Partial<FleetHostView> = {}): FleetHostView {
  const state = activity === 'ended' || activity === 'stopping' ? activity : 'running';
  const heard = activity === 'idle' || activity === 'at-work';
  return {
    host: aHost({ state, launchedAt: NOW - 30 * MINUTE }),
    activity,
    record: heard ? aRecord() : null,
    ageMs: 30 * MINUTE,
    idleMs: activity === 'idle' ? 10 * MINUTE : null,
    silentMs: heard ? 0 : null,
    costUsd: 0.5,
    ...fields,
  };
}

export function aSituation(fields: Partial<FleetSituation> = {}): FleetSituation {
  return {
    views: [],
    openJobs: 10,
    usable: null,
    others: 0,
    isPaused: false,
    unsettled: 0,
    maxHosts: 5,
    money: null,
    idleForMs: 2 * MINUTE,
    listeningMs: 60 * MINUTE,
    now: NOW,
    ...fields,
  };
}
