import type { Kind, Notification } from '../../../src/core/notify/notification.ts';

export const AT = '2026-11-22T10:00:00';

export function aNotification(changes: Partial<Notification> = {}): Notification {
  return {
    id: 'run 1.00000000/job 1/attempt 1/job-failed',
    kind: 'job-failed',
    at: AT,
    source: 'orchestrator-1',
    run_id: 1,
    stand_in: false,
    text: 'Run 1: something',
    url: null,
    job: null,
    host: null,
    summary: null,
    ...changes,
  };
}

/** So many of one kind, told apart by their ids. */
export function notifications(count: number, kind: Kind = 'job-failed'): Notification[] {
  return Array.from({ length: count }, (_, index) => aNotification({ id: `${kind} ${index + 1}`, kind }));
}
