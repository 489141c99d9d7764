import { formatCount } from '../../../format/count.ts';
import type { JobStatus, Verdict } from '../../../domain/job.ts';
import type { SummaryRecord } from '../../../protocol/summary-record.ts';
import { STANDING_NAMES, type Standing } from '../../data/standing.ts';
import { STATUS_NAMES } from '../../data/words.ts';
import { StandingMark } from '../../parts/standing.tsx';
import { jobsAddress } from '../../routing/addresses.ts';

const STATUSES: Record<JobStatus, Standing> = {
  COMPLETE: 'verified',
  WORKING: 'running',
  LOADING_SNAPSHOT: 'loading',
  STARTED: 'loading',
  WAITING_4_WORKER: 'waiting',
  HASH_MISMATCH: 'mismatch',
  ERROR: 'failed',
  TIMEOUT: 'failed',
};

const VERDICTS: Record<Verdict, Standing> = {
  VERIFIED: 'verified',
  MISMATCH: 'mismatch',
  PENDING: 'pending',
  UNVERIFIABLE: 'unverifiable',
};

/** Jobs by state and by verdict, each count a link to those jobs. */
export function Counts({ now }: { now: SummaryRecord }) {
  const statuses = Object.entries(STATUSES) as [JobStatus, Standing][];
  const verdicts = Object.entries(VERDICTS) as [Verdict, Standing][];
  return (
    <div class="counts">
      <dl aria-label="Jobs by state">
        <dt>{formatCount(now.total_jobs)} jobs</dt>
        {statuses.map(([status, standing]) => (
          <Count
            key={status}
            standing={standing}
            name={STATUS_NAMES[status]}
            count={now.statuses[status]}
            to={jobsAddress({ status })}
          />
        ))}
      </dl>
      <dl aria-label="Jobs by verdict">
        <dt>Verdicts</dt>
        {verdicts.map(([verdict, standing]) => (
          <Count
            key={verdict}
            standing={standing}
            name={STANDING_NAMES[standing]}
            count={now.verdicts[verdict]}
            to={jobsAddress({ verdict })}
          />
        ))}
      </dl>
    </div>
  );
}

interface CountProps {
  standing: Standing;
  name: string;
  count: number;
  to: string;
}

function Count({ standing, name, count, to }: CountProps) {
  return (
    <dd class={count === 0 ? 'count none' : 'count'}>
      <a href={to}>
        <StandingMark standing={standing} />
        <b>{formatCount(count)}</b> {name}
      </a>
    </dd>
  );
}
