import { useEffect, useState } from 'preact/hooks';
import { FULL_RECORD_TYPE, type FullJobRecord } from '../../protocol/full-record.ts';
import { ApiError, getJson } from './api.ts';
import { connection } from './live.ts';
import { onJobChange } from './store.ts';

/** What is known of one job. */
export type KnownJob =
  | { kind: 'known'; job: FullJobRecord }
  /** The run has no such job. */
  | { kind: 'missing' }
  | { kind: 'unread'; reason: string };

type KnownJobs = ReadonlyMap<number, KnownJob>;

/** The whole records of some jobs, kept up to date; those that are not there are still on their way. */
export function useJobRecords(jobIds: readonly number[]): KnownJobs {
  const [known, setKnown] = useState<KnownJobs>(new Map());
  const wanted = jobIds.join(' ');
  const isLive = connection.value.state === 'live';
  useEffect(() => {
    if (!isLive) return undefined;
    const over = new AbortController();
    const told = new Set<number>();
    const put = (jobId: number, job: KnownJob): void => setKnown((known) => new Map(known).set(jobId, job));
    const stop = onJobChange((job) => {
      if (!jobIds.includes(job.job_id)) return;
      told.add(job.job_id);
      put(job.job_id, { kind: 'known', job });
    });
    for (const jobId of jobIds) {
      void readJob(jobId, over.signal).then((job) => {
        // An event that came while this was read is newer.
        if (!over.signal.aborted && !told.has(jobId)) put(jobId, job);
      });
    }
    return () => {
      over.abort();
      stop();
    };
  }, [wanted, isLive]);
  return known;
}

async function readJob(jobId: number, signal: AbortSignal): Promise<KnownJob> {
  try {
    const job = await getJson<FullJobRecord>(`/job?jobid=${jobId}`, { accept: FULL_RECORD_TYPE, signal });
    return { kind: 'known', job };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { kind: 'missing' };
    return { kind: 'unread', reason: error instanceof Error ? error.message : String(error) };
  }
}
