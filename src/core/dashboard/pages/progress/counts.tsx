import { formatCount } from '../../../format/count.ts';
import type { JobStatus, Verdict } from '../../../domain/job.ts';
import type { SummaryRecord } from '../../../protocol/summary-record.ts';
import { STANDING_NAMES, type Standing } from '../../data/standing.ts';
import { StandingMark } from '../../parts/standing.tsx';
import { jobsAddress } from '../../routing/addresses.ts';

const STATUSES: Record<JobStatus, [standing: Standing, name: string]> = {
  COMPLETE: ['verified', 'complete'],
  WORKING: ['running', 'replaying'],
  LOADING_SNAPSHOT: ['loading', 'loading the snapshot'],
  STARTED: ['loading', 'started'],
  WAITING_4_WORKER: ['waiting', 'waiting'],
  HASH_MISMATCH: ['mismatch', 'hash mismatch'],
  ERROR: ['failed', 'error'],
  TIMEOUT: ['failed', 'timeout'],
};

const VERDICTS: Record<Verdict, Standing> = {
  VERIFIED: 'verified',
  MISMATCH: 'mismatch',
  PENDING: 'pending',
  UNVERIFIABLE: 'unverifiable',
};

/** Jobs by state and by verdict, each count a link to those jobs. */
export function Counts({ now }: { now: SummaryRecord }) {
  const statuses = Object.entries(STATUSES) as [JobStatus, [Standing, string]][];
  const verdicts = Object.entries(VERDICTS) as [Verdict, Standing][];
  return (
    <div class="counts">
      <dl aria-label="Jobs by state">
        <dt>{formatCount(now.total_jobs)} jobs</dt>
        {statuses.map(([status, [standing, name]]) => (
          <Count
            key={status}
            standing={standing}
            name={name}
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
