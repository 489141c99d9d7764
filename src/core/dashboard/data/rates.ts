import { useEffect, useState } from 'preact/hooks';
import { withRate } from '../../domain/job-rates.ts';
import { isHeld } from '../../domain/transition.ts';
import type { JobRatesRecord } from '../../protocol/job-rates-record.ts';
import { getJson } from './api.ts';
import { orchestratorTime } from './clock.ts';
import { connection } from './live.ts';
import { onJobChange } from './store.ts';

/** How fast an attempt was, as its host told it. */
interface AttemptRates {
  attempt: number;
  /** UTC: what was before is not known. */
  since: string;
  /** Seconds since 1970, increasing. */
  times: readonly number[];
  values: readonly number[];
}

/** What the orchestrator has of an attempt, and what comes; null: nothing, or it was not answered yet. */
export function useRates(jobId: number, attempt: number): AttemptRates | null {
  const [known, setKnown] = useState<AttemptRates | null>(null);
  const isLive = connection.value.state === 'live';
  useEffect(() => {
    if (!isLive) return undefined;
    const over = new AbortController();
    getJson<JobRatesRecord>(`/job/rates?jobid=${jobId}`, { signal: over.signal }).then(
      ({ attempt: of, since, times, blocks_per_second: values }) =>
        setKnown({ attempt: of ?? attempt, since, times, values }),
      // There is a plot less on the page.
      () => undefined,
    );
    const stop = onJobChange(({ job_id: id, attempt: of, status, blocks_per_second: rate }) => {
      if (id !== jobId || rate === null || !isHeld(status)) return;
      const time = Math.floor(orchestratorTime.peek() / 1000);
      setKnown((before) => {
        if (before === null) return null;
        const copy = { attempt: before.attempt, times: [...before.times], values: [...before.values] };
        return { ...withRate(copy, of, time, rate), since: before.since };
      });
    });
    return () => {
      over.abort();
      stop();
    };
  }, [jobId, attempt, isLive]);
  return known?.attempt === attempt ? known : null;
}
