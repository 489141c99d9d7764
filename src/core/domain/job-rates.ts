/** How fast one attempt at a job was, as its host told it. The oldest first. */
export interface JobRates {
  readonly attempt: number;
  /** Seconds since 1970, increasing. */
  readonly times: number[];
  /** Blocks per second, a value for each of the times. */
  readonly values: number[];
}

/** Points of one attempt: enough for a plot. */
export const MOST_RATE_POINTS = 360;

/**
 * Adds what the host of an attempt has told, in place: there may be thousands of these in a second. Another
 * attempt begins anew; of too many points every second one goes, so that the whole attempt stays in sight.
 *
 * @param before null: nothing was told yet
 * @param time seconds since 1970; no more than one point a second is kept
 */
export function withRate(before: JobRates | null, attempt: number, time: number, rate: number): JobRates {
  const rates = before?.attempt === attempt ? before : { attempt, times: [], values: [] };
  const { times, values } = rates;
  if ((times.at(-1) ?? Number.NEGATIVE_INFINITY) >= time) return rates;
  times.push(time);
  values.push(rate);
  if (times.length > MOST_RATE_POINTS) {
    thin(times);
    thin(values);
  }
  return rates;
}

/** The newest stays. */
function thin(points: number[]): void {
  const last = points.length - 1;
  let kept = 0;
  for (const [at, value] of points.entries()) {
    if (at % 2 === last % 2) {
      points[kept] = value;
      kept += 1;
    }
  }
  points.length = kept;
}
