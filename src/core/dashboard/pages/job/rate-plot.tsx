import type { FullJobRecord } from '../../../protocol/full-record.ts';
import { isHeld } from '../../../domain/transition.ts';
import { formatCount } from '../../../format/count.ts';
import { formatBlockRate } from '../../../format/rate.ts';
import { utcSeconds } from '../../../domain/time.ts';
import { useRates } from '../../data/rates.ts';
import { Plot } from '../../parts/plot.tsx';
import { Time } from '../../parts/time.tsx';

/** How fast the attempt goes, as its host tells it. */
export function RatePlot({ job }: { job: FullJobRecord }) {
  const rates = useRates(job.job_id, job.attempt);
  const average = averageOf(job);
  if (rates === null || rates.times.length < 3) return null;
  const isLate = utcSeconds(rates.since) > utcSeconds(job.start_time);
  return (
    <section class="rate-plot">
      <Plot
        title="Blocks per second"
        summary={`${isHeld(job.status) ? 'Now' : 'Last'} ${formatBlockRate(rates.values.at(-1) ?? null)}.`}
        times={rates.times}
        format={formatCount}
        series={[{ name: 'blocks/s', colour: '--running', values: rates.values, filled: true }]}
        height={150}
      />
      <p class="plot-note">
        {isLate && (
          <>
            What its host has told since the orchestrator was started, at <Time at={rates.since} />; what was
            before is not kept.{' '}
          </>
        )}
        {average !== null && `Over the whole attempt it makes ${formatBlockRate(average)}.`}
      </p>
    </section>
  );
}

/** Blocks per second of the current or last attempt, over all the time in which it replayed. */
function averageOf(job: FullJobRecord): number | null {
  const ms = job.stage_times.replay ?? 0;
  const blocks = job.last_block_processed - job.start_block_num;
  return ms >= 1000 && blocks > 0 ? (1000 * blocks) / ms : null;
}
