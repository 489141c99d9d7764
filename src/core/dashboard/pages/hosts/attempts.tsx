import { formatCount } from '../../../format/count.ts';
import { formatDuration } from '../../../format/duration.ts';
import { parseUtc } from '../../../domain/time.ts';
import type { HostAttemptRecord, HostRow } from '../../../protocol/host-record.ts';
import type { Standing } from '../../data/standing.ts';
import { StandingMark } from '../../parts/standing.tsx';
import { Time } from '../../parts/time.tsx';
import { jobAddress } from '../../routing/addresses.ts';

type Outcome = NonNullable<HostAttemptRecord['outcome']> | 'now';

const OUTCOMES: Record<Outcome, [standing: Standing, name: string]> = {
  now: ['running', 'at work'],
  COMPLETE: ['verified', 'came to the end'],
  ERROR: ['failed', 'error'],
  TIMEOUT: ['failed', 'lost'],
  RETURNED: ['waiting', 'given back'],
};

interface AttemptsProps {
  attempts: readonly HostAttemptRecord[];
  of: HostRow;
}

/** The last attempts of a host, the newest first. */
export function HostAttempts({
  attempts,
  of: { attempts_complete, attempts_failed, worker_id },
}: AttemptsProps) {
  if (attempts.length === 0) return <p>It has not had a job in this run.</p>;
  const all = attempts_complete + attempts_failed;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`Attempts of ${worker_id}`}>
      <table class="small">
        <caption>
          {all > attempts.length ? `The last ${attempts.length} attempts` : 'Attempts'}:{' '}
          {formatCount(attempts_complete)} came to the end, {formatCount(attempts_failed)} failed
        </caption>
        <thead>
          <tr>
            <th scope="col">Slice</th>
            <th scope="col" class="number">
              Attempt
            </th>
            <th scope="col">Result</th>
            <th scope="col">Began</th>
            <th scope="col" class="number">
              Lasted
            </th>
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt) => (
            <AttemptRow key={`${attempt.job_id} ${attempt.attempt}`} attempt={attempt} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AttemptRow({ attempt }: { attempt: HostAttemptRecord }) {
  const { job_id, replay_slice_id, attempt: number, start_time, end_time, outcome, error_cause } = attempt;
  const [standing, name] = OUTCOMES[outcome ?? 'now'];
  const [from, to] = [parseUtc(start_time), end_time === null ? null : parseUtc(end_time)];
  return (
    <tr>
      <td>
        <a href={jobAddress(job_id)}>Slice {replay_slice_id}</a>
      </td>
      <td class="number">{number}</td>
      <td>
        <span class="standing">
          <StandingMark standing={standing} />
          {error_cause === null ? name : `${name}: ${error_cause}`}
        </span>
      </td>
      <td>
        <Time at={start_time} />
      </td>
      <td class="number">
        {from === null || to === null ? '–' : formatDuration(to.getTime() - from.getTime())}
      </td>
    </tr>
  );
}
