import type { FullJobRecord } from '../../../protocol/full-record.ts';
import { hasFailed } from '../../../domain/transition.ts';
import { LongText } from '../../parts/long-text.tsx';
import { Time } from '../../parts/time.tsx';

/** Why it failed; of a job that waits, why it failed before. */
export function Problem({ job }: { job: FullJobRecord }) {
  const { error_cause: cause, error_message: message, retry_at } = job;
  if (cause === null && message === null) return null;
  const failed = hasFailed(job);
  return (
    <section
      class={failed ? 'job-problem failed' : 'job-problem'}
      aria-label={failed ? 'Why it failed' : 'The attempt before'}
    >
      <p>
        {!failed && 'The last attempt failed: '}
        <strong>{cause ?? 'no cause reported'}</strong>
        {retry_at !== null && (
          <>
            . It is offered again after <Time at={retry_at} seconds />
          </>
        )}
      </p>
      {message !== null && <LongText text={message} />}
    </section>
  );
}
