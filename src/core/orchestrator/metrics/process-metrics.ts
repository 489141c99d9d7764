import { collectDefaultMetrics, Registry } from 'prom-client';

/**
 * What means the same under Bun as under Node. The least and the mean of the lag are none before it was
 * first measured, and would be told as a number that is none.
 */
const WANTED =
  /^(?:process_(?:cpu_|resident_|start_time_|open_fds|max_fds)|nodejs_eventloop_lag_(?:seconds|max|p\d))/u;

let registry: Registry | null = null;

/** Of this process: measuring the event loop costs a little, and begins when somebody first asks. */
export function processMetrics(): Registry {
  if (registry !== null) return registry;
  const made = new Registry();
  collectDefaultMetrics({ register: made });
  for (const { name } of made.getMetricsAsArray()) if (!WANTED.test(name)) made.removeSingleMetric(name);
  registry = made;
  return made;
}
