import { existsSync } from 'node:fs';
import type { FullJobRecord } from '../../../src/core/protocol/full-record.ts';
import { type ManifestSlice, writeManifest } from './chains.ts';
import type { Finished, RunOptions } from './replay.ts';
import { jobOf } from './run.ts';
import type { Orchestrator, Scene } from './scene.ts';

export interface OneSlice {
  slice: ManifestSlice | undefined;
  /** Flags of `replay work`. */
  work: readonly string[];
  env?: Record<string, string>;
}

export interface OneSliceEnd {
  /** How the worker ended. */
  worker: Finished;
  job: FullJobRecord;
  orchestrator: Orchestrator;
  /** Whether nodeos was started: it leaves a log. */
  nodeosStarted: boolean;
}

/** Runs a manifest of one slice with one worker that takes one job. */
export async function runOneSlice(scene: Scene, { slice, work, env }: OneSlice): Promise<OneSliceEnd> {
  if (slice === undefined) throw new Error('There is no such slice');
  const manifest = await writeManifest(scene.path('one-slice.json'), [slice]);
  const orchestrator = await scene.serve(manifest);
  const options: RunOptions & { stay: boolean } = { stay: true, ...(env === undefined ? {} : { env }) };
  const worker = await scene.work('alpha', orchestrator.url, ['--once', ...work], options).finished;
  return {
    worker,
    job: await jobOf(orchestrator.url, 1),
    orchestrator,
    nodeosStarted: existsSync(scene.path('alpha/logs/job-1-attempt-1/replay.log')),
  };
}
