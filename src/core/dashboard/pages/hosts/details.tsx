import { useEffect, useState } from 'preact/hooks';
import { formatBytes } from '../../../format/bytes.ts';
import { formatDuration } from '../../../format/duration.ts';
import type { HostAttemptRecord, HostRecord, HostRow } from '../../../protocol/host-record.ts';
import { getJson } from '../../data/api.ts';
import { hostSignal } from '../../data/hosts.ts';
import { Time } from '../../parts/time.tsx';
import { HostAttempts } from './attempts.tsx';

/** What stands below a host that was opened: what it is, and what it did. */
export function HostDetails({ workerId }: { workerId: string }) {
  const host = hostSignal(workerId)?.value;
  const attempts = useAttempts(workerId, host);
  if (host === undefined) return null;
  return (
    <div class="host-details">
      <dl class="facts">
        {factsOf(host).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>First heard</dt>
          <dd>
            <Time at={host.first_seen} />
          </dd>
        </div>
        <div>
          <dt>Worker started</dt>
          <dd>
            <Time at={host.started_at} />
          </dd>
        </div>
      </dl>
      {attempts === 'failed' ? (
        <p class="tone-bad">Its attempts could not be read.</p>
      ) : (
        attempts !== null && <HostAttempts attempts={attempts} of={host} />
      )}
    </div>
  );
}

function factsOf(host: HostRow): [name: string, value: string][] {
  const size = (bytes: number | null): string => (bytes === null ? '–' : formatBytes(bytes));
  return [
    ['Host name', host.hostname ?? '–'],
    ['Instance', host.instance_id ?? '–'],
    ['Version of replay', host.version ?? '–'],
    ['System', [host.os, host.arch].filter((text) => text !== null).join(', ') || '–'],
    ['CPUs', host.cpus === null ? '–' : String(host.cpus)],
    ['Memory', size(host.memory_total)],
    ['Disk', size(host.disk_total)],
    ['Counted', formatDuration(host.hours * 3_600_000)],
  ];
}

/** They are read when the host is opened, and whenever the stream says that another one began or ended. */
function useAttempts(
  workerId: string,
  host: HostRow | undefined,
): readonly HostAttemptRecord[] | 'failed' | null {
  const [attempts, setAttempts] = useState<readonly HostAttemptRecord[] | 'failed' | null>(null);
  const { job_id: job, attempts_complete: complete, attempts_failed: failed } = host ?? {};
  useEffect(() => {
    const over = new AbortController();
    getJson<HostRecord[]>(`/hosts?workerid=${encodeURIComponent(workerId)}`, { signal: over.signal }).then(
      ([record]) => setAttempts(record?.attempts ?? []),
      () => {
        if (!over.signal.aborted) setAttempts('failed');
      },
    );
    return () => over.abort();
  }, [workerId, job, complete, failed]);
  return attempts;
}
