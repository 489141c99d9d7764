import { formatBlockRate } from '../../../format/rate.ts';
import { formatCount } from '../../../format/count.ts';
import { formatDuration } from '../../../format/duration.ts';
import type { SummaryRecord } from '../../../protocol/summary-record.ts';
import { summary } from '../../data/store.ts';
import { shareOf, shareText } from '../../parts/share.ts';
import { Time } from '../../parts/time.tsx';
import { Counts } from './counts.tsx';
import { Cost, Hosts } from './fleet-tiles.tsx';
import { Tile } from './tile.tsx';

/** The numbers of the run. */
export function Figures() {
  const now = summary.value;
  if (now === null) return null;
  return (
    <section class="figures" aria-label="Figures">
      <Share now={now} />
      <div class="tiles">
        <Rate now={now} />
        <TimeLeft now={now} />
        <Hosts now={now} />
        <Cost now={now} />
      </div>
      <Counts now={now} />
    </section>
  );
}

interface Now {
  now: SummaryRecord;
}

function Share({ now }: Now) {
  const share = shareOf(now);
  return (
    <div class="share">
      <p>
        <strong class="share-percent">{shareText(now)}</strong> of the blocks:{' '}
        {formatCount(now.blocks_processed)} of {formatCount(now.total_blocks)}
      </p>
      <div
        class="bar"
        role="progressbar"
        aria-label="Blocks done"
        aria-valuenow={Math.floor(share)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={shareText(now)}
      >
        <svg width="100%" height="100%" preserveAspectRatio="none" viewBox="0 0 100 1" aria-hidden="true">
          <rect class="bar-done" width={share} height="1" />
        </svg>
      </div>
    </div>
  );
}

function Rate({ now }: Now) {
  const { blocks_per_second: current, blocks_per_second_average: average } = now;
  return (
    <Tile name="Rate" value={current === null ? '–' : formatBlockRate(current)}>
      {average === null ? 'no average yet' : `average ${formatBlockRate(average)}`}
    </Tile>
  );
}

function TimeLeft({ now }: Now) {
  const { time_left: left, is_running, eta } = now;
  if (left === null) {
    return (
      <Tile name="Time left" value="–" children={is_running ? 'too little is known' : 'nobody is at work'} />
    );
  }
  const [low, likely, high] = [left.low_seconds, left.likely_seconds, left.high_seconds].map((seconds) =>
    formatDuration(seconds * 1000),
  );
  return (
    <Tile name="Time left" value={likely}>
      {low === high ? '' : `${low} to ${high}`}
      {eta !== null && (
        <>
          {low === high ? '' : '; '}done at <Time at={eta} />
        </>
      )}
    </Tile>
  );
}
