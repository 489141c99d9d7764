import { formatDuration } from '../../format/duration.ts';
import type { FleetHostRecord } from '../../protocol/fleet-record.ts';
import type { Standing } from './standing.ts';

type Activity = FleetHostRecord['activity'];

interface FleetStanding {
  name: string;
  mark: string;
  /** The standing of jobs that calls for as much attention: of its colour. */
  like: Standing;
}

/** What a host of the fleet is doing; the order is that of attention. */
export const FLEET_STANDINGS: Readonly<Record<Activity, FleetStanding>> = {
  silent: { name: 'silent', mark: '!', like: 'unverifiable' },
  elsewhere: { name: 'elsewhere', mark: '→', like: 'unverifiable' },
  unknown: { name: 'not known', mark: '?', like: 'unverifiable' },
  idle: { name: 'idle', mark: '·', like: 'waiting' },
  booting: { name: 'booting', mark: '…', like: 'loading' },
  'at-work': { name: 'at work', mark: '▶', like: 'running' },
  stopping: { name: 'stopping', mark: '↓', like: 'waiting' },
  stopped: { name: 'stopped', mark: '□', like: 'unverifiable' },
  ended: { name: 'ended', mark: '■', like: 'waiting' },
};

export const ACTIVITIES = Object.keys(FLEET_STANDINGS) as Activity[];

/** What there is to say of that in few words; '' when there is no more. */
export function standingDetail(host: FleetHostRecord): string {
  const { activity, worker_id: worker, idle_seconds: seconds, stage, reason } = host;
  const lasted = seconds === null ? '' : `for ${formatDuration(seconds * 1000)}`;
  switch (activity) {
    case 'silent':
      return worker === null || seconds === null ? 'never heard from' : lasted;
    case 'elsewhere':
      return 'for another orchestrator';
    case 'unknown':
      return 'jobs could not be asked for';
    case 'booting':
      return 'not heard from yet';
    case 'idle':
      return lasted;
    case 'at-work':
      return stage ?? '';
    case 'stopping':
    case 'stopped':
    case 'ended':
      return reason ?? '';
  }
}
