import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { isDark } from '../shell/theme.ts';
import { colour } from './colour.ts';
import { timeTicks } from './time-ticks.ts';
import { useWidth } from './use-width.ts';

export interface PlotSeries {
  name: string;
  /** A colour of tokens.css: `--running`. */
  colour: string;
  /** Of the length of the times; null: nothing is known there, and the line has a gap. */
  values: readonly (number | null)[];
  /** Whether the ground below the line is tinted. */
  filled?: boolean;
  /** Whether the value holds until the next one, as a count does. */
  stepped?: boolean;
}

interface PlotProps {
  title: string;
  /** What the drawing shows in words, for those who cannot see it. */
  summary: string;
  /** Seconds since 1970, increasing. */
  times: readonly number[];
  series: readonly PlotSeries[];
  format: (value: number) => string;
  height?: number;
}

/** Lines over time. What lies under the pointer is told below. */
export function Plot({ title, summary, times, series, format, height = 200 }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const width = useWidth(place);
  const data = [times, ...series.map(({ values }) => values)] as unknown as uPlot.AlignedData;
  const newest = useRef(data);
  newest.current = data;
  const dark = isDark();

  useLayoutEffect(() => {
    if (place.current === null || width === 0) return undefined;
    const made = new uPlot(optionsOf(series, format, width, height), newest.current, place.current);
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
    // Names and colours of a plot do not change; its colours do with the theme.
  }, [width, height, dark]);

  useEffect(() => {
    plot.current?.setData(newest.current);
  }, [times, series]);

  return (
    <figure class="plot card">
      <figcaption>
        <h2>{title}</h2>
        <p class="visually-hidden">{summary}</p>
      </figcaption>
      <div ref={place} class="plot-place" aria-hidden="true" />
    </figure>
  );
}

function optionsOf(
  series: readonly PlotSeries[],
  format: (value: number) => string,
  width: number,
  height: number,
): uPlot.Options {
  const [soft, line] = [colour('--soft'), colour('--line')];
  const axis = { stroke: soft, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  return {
    width,
    height,
    cursor: { drag: { x: false, y: false }, points: { size: 6 } },
    // Without a pointer on it the newest values are told.
    hooks: { ready: [tellNewest], setData: [tellNewest], setCursor: [tellNewest] },
    scales: { y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.08 : 1] } },
    axes: [
      { ...axis, values: (_plot, ticks) => timeTicks(ticks), space: 64, size: 30 },
      { ...axis, values: (_plot, ticks) => ticks.map(format), size: 64 },
    ],
    series: [
      { label: 'Time', value: (_plot, seconds: number | null) => timeOf(seconds) },
      ...series.map(({ name, colour: token, filled = false, stepped = false }): uPlot.Series => ({
        label: name,
        stroke: colour(token),
        width: 2,
        // One point alone makes no line.
        points: { show: ({ data: [times] }) => times.length < 3 },
        value: (_plot, value: number | null) => (value === null ? '–' : format(value)),
        ...(filled ? { fill: colour(token, 0.15) } : {}),
        ...(stepped ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
      })),
    ],
  };
}

function tellNewest(plot: uPlot): void {
  const isPointed = (plot.cursor.left ?? -1) >= 0;
  if (!isPointed && plot.data[0].length > 0) plot.setLegend({ idx: plot.data[0].length - 1 }, false);
}

const WHEN = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

function timeOf(seconds: number | null): string {
  return seconds === null ? '–' : WHEN.format(seconds * 1000);
}
