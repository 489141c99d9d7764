import { formatCount } from '../../../format/count.ts';
import { formatDuration } from '../../../format/duration.ts';
import { formatSpan } from '../../../format/span.ts';
import { STAGES } from '../../../domain/job.ts';
import { utcSeconds } from '../../../domain/time.ts';
import type { AttemptRecord, FullJobRecord, LateResultRecord } from '../../../protocol/full-record.ts';
import { STAGE_NAMES, stagesOf } from '../../data/stages.ts';
import { now } from '../../parts/now.ts';
import { Copied } from '../../parts/copied.tsx';
import { LongText } from '../../parts/long-text.tsx';
import { Time } from '../../parts/time.tsx';
import { hostAddress } from '../../routing/addresses.ts';
import { StageBar } from './stage-bar.tsx';

/** Every try at the job, the newest first, each with where its time went. */
export function Attempts({ job }: { job: FullJobRecord }) {
  const { attempts } = job;
  if (attempts.length === 0) return null;
  const sums = attempts.map(({ stage_times }) => stagesOf(stage_times).reduce((sum, { ms }) => sum + ms, 0));
  const longest = Math.max(1, ...sums);
  return (
    <section class="card attempts" aria-labelledby="attempts-title">
      <div class="attempts-head">
        <h2 id="attempts-title">{attempts.length === 1 ? 'One attempt' : `${attempts.length} attempts`}</h2>
        <ul class="legend" aria-label="Stages">
          {STAGES.map((stage) => (
            <li key={stage}>
              <span class={`stage-mark stage-${stage}`} aria-hidden="true" /> {STAGE_NAMES[stage]}
            </li>
          ))}
        </ul>
      </div>
      <ol reversed>
        {attempts.toReversed().map((attempt) => (
          <OneAttempt key={attempt.number} job={job} attempt={attempt} longest={longest} />
        ))}
      </ol>
    </section>
  );
}

interface OneAttemptProps {
  job: FullJobRecord;
  attempt: AttemptRecord;
  /** Milliseconds of the attempt that took longest. */
  longest: number;
}

function OneAttempt({ job, attempt, longest }: OneAttemptProps) {
  const { number, worker_id: host, outcome, error_cause: cause, error_message: message } = attempt;
  const stages = stagesOf(attempt.stage_times);
  const isSaidAbove = number === job.attempt && message === job.error_message;
  return (
    <li>
      <p class="attempt-head">
        <strong>Attempt {number}</strong>
        <span class={toneOf(attempt)}>{outcomeText(attempt)}</span>
        {host !== null && <a href={hostAddress(host)}>{host}</a>}
        <span>
          <Time at={attempt.start_time} />
          {attempt.end_time !== null && (
            <>
              {' '}
              to <Time at={attempt.end_time} />
            </>
          )}
        </span>
        <Length attempt={attempt} />
        {attempt.nodeos_version !== null && <span>nodeos {attempt.nodeos_version}</span>}
        {outcome !== 'COMPLETE' && attempt.last_block_processed > 0 && (
          <span>at block {formatCount(attempt.last_block_processed)}</span>
        )}
        <a href={`/job/evidence.tar.zst?jobid=${job.job_id}&attempt=${number}`} download>
          Evidence<span class="visually-hidden"> of attempt {number}</span>
        </a>
      </p>
      {stages.length > 0 && (
        <>
          <StageBar stages={stages} longest={longest} />
          <p class="attempt-stages">
            {stages.map(({ stage, ms }) => `${STAGE_NAMES[stage]} ${formatSpan(ms)}`).join(' · ')}
          </p>
        </>
      )}
      {(cause !== null || message !== null) && !isSaidAbove && (
        <>
          {cause !== null && (
            <p>
              <strong>{cause}</strong>
            </p>
          )}
          {message !== null && <LongText text={message} />}
        </>
      )}
      {attempt.actual_integrity_hash !== null && (
        <p class="attempt-hash">
          <Copied text={attempt.actual_integrity_hash} name={`the hash of attempt ${number}`} />
        </p>
      )}
      {attempt.late_results.map((result) => (
        <Late key={result.at} result={result} />
      ))}
    </li>
  );
}

/** It changed nothing, and may explain much. */
function Late({ result }: { result: LateResultRecord }) {
  const { at, status, actual_integrity_hash: hash, error_cause: cause, error_message: message } = result;
  return (
    <div class="attempt-late">
      <p>
        At <Time at={at} />, when the job had been taken from it, its host still told:{' '}
        <strong>{status === 'COMPLETE' ? 'complete' : (cause ?? 'error')}</strong>
      </p>
      {message !== null && <LongText text={message} />}
      {hash !== null && <Copied text={hash} name="the hash that came late" />}
    </div>
  );
}

function outcomeText({ outcome }: AttemptRecord): string {
  switch (outcome) {
    case null:
      return 'at work';
    case 'COMPLETE':
      return 'complete';
    case 'ERROR':
      return 'error';
    case 'TIMEOUT':
      return 'not heard from again';
    case 'RETURNED':
      return 'given back';
  }
}

function toneOf({ outcome, error_cause }: AttemptRecord): string | undefined {
  if (outcome === 'ERROR' || outcome === 'TIMEOUT' || error_cause === 'hash-mismatch') return 'tone-bad';
  return outcome === 'COMPLETE' ? 'tone-good' : undefined;
}

function Length({ attempt: { start_time: start, end_time: end } }: { attempt: AttemptRecord }) {
  const seconds = (end === null ? now.value : utcSeconds(end)) - utcSeconds(start);
  return (
    <span class="number">{Number.isNaN(seconds) ? '' : formatDuration(Math.max(0, seconds) * 1000)}</span>
  );
}
