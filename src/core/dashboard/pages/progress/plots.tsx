import { useEffect } from 'preact/hooks';
import { formatBlockRate } from '../../../format/rate.ts';
import { formatCount } from '../../../format/count.ts';
import { course, loadCourse } from '../../data/course.ts';
import { connection } from '../../data/live.ts';
import { summary } from '../../data/store.ts';
import { Plot } from '../../parts/plot.tsx';

/** How the run went so far: its speed, and the jobs that are done. */
export function Plots() {
  const isLive = connection.value.state === 'live';
  useEffect(() => {
    // Without it the plots show what comes from now on.
    if (isLive) void loadCourse().catch(() => undefined);
  }, [isLive]);
  const now = course.value;
  if (now === null || now.times.length === 0) return null;
  const { times, blocksPerSecond, jobsDone, jobsFailed } = now;
  const most = blocksPerSecond.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const total = summary.value?.total_jobs ?? 0;
  return (
    <div class="plots">
      <Plot
        title="Blocks per second"
        summary={`At most ${formatBlockRate(most)}, now ${formatBlockRate(blocksPerSecond.at(-1) ?? null)}.`}
        times={times}
        format={formatCount}
        series={[{ name: 'blocks/s', colour: '--running', values: blocksPerSecond, filled: true }]}
      />
      <Plot
        title="Jobs done"
        summary={`${formatCount(jobsDone.at(-1) ?? 0)} of ${formatCount(total)} jobs are complete, ${formatCount(jobsFailed.at(-1) ?? 0)} failed.`}
        times={times}
        format={formatCount}
        series={[
          { name: 'complete', colour: '--verified', values: jobsDone, filled: true, stepped: true },
          { name: 'failed', colour: '--mismatch', values: jobsFailed, stepped: true },
        ]}
      />
    </div>
  );
}
