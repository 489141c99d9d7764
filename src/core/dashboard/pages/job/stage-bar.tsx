import type { Stage } from '../../../domain/job.ts';

interface StageBarProps {
  stages: readonly { stage: Stage; ms: number }[];
  /** Milliseconds of the whole width. */
  longest: number;
}

/** Where the time of an attempt went; the words are below it. */
export function StageBar({ stages, longest }: StageBarProps) {
  let from = 0;
  return (
    <svg class="stage-bar" viewBox="0 0 1000 1" preserveAspectRatio="none" aria-hidden="true">
      {stages.map(({ stage, ms }) => {
        const x = from;
        const width = (1000 * ms) / longest;
        from += width;
        return <rect key={stage} class={`stage-${stage}`} x={x} width={width} height="1" />;
      })}
    </svg>
  );
}
