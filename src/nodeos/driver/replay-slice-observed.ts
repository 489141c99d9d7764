import { join } from 'node:path';
import { emptyObservation, observe } from '../log/observation.ts';
import type { Observation } from '../log/observation.ts';
import type { NodeosProcess } from '../process/process.ts';
import { placesOf } from './replay-slice-files.ts';
import type { DriverTools } from './replay-slice-tools.ts';
import type { NodeosCommand, SliceRun } from './replay-slice-types.ts';

/** A nodeos that runs, and what it has said so far. */
export interface ObservedNodeos {
  observation(): Observation;
  readonly exit: NodeosProcess['exit'];
  stop(): Promise<void>;
}

/**
 * Starts nodeos and keeps the observation of its log.
 * @param onChange called after a line that changed the observation
 */
export async function startObserved(
  run: SliceRun,
  tools: DriverTools,
  start: {
    purpose: NodeosCommand['purpose'];
    args: readonly string[];
    /** Folder of its config.ini. */
    config: string;
    onChange(o: Observation): void;
  },
): Promise<ObservedNodeos> {
  let observation = emptyObservation;
  const { purpose, args, config } = start;
  await run.onCommand?.({ purpose, args, configFile: join(config, 'config.ini') });
  const nodeos = await tools.startNodeos({
    path: run.nodeosPath,
    args: start.args,
    directory: run.directory,
    logFile: join(placesOf(run.directory).log, `${start.purpose}.log`),
    graceMs: tools.graceMs,
    onLine(line) {
      run.onLogLine?.(line);
      const next = observe(observation, line);
      if (next === observation) return;
      observation = next;
      start.onChange(observation);
    },
  });
  return { observation: () => observation, exit: nodeos.exit, stop: () => nodeos.stop() };
}
