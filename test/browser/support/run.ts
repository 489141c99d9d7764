import { writeManifest } from '../../e2e/support/chains.ts';
import type { Running } from '../../e2e/support/replay.ts';
import { Scene } from '../../e2e/support/scene.ts';
import { equalSlices, manifestOf, Player } from './player.ts';

export interface PlayedRun {
  scene: Scene;
  url: string;
  port: number;
  running: Running;
  /** A host that the test plays. */
  alpha: Player;
  /** A token that may only read; '' when none was asked for. */
  readerToken: string;
  /** Ends the orchestrator as a crash would, or politely. */
  stop: (signal?: NodeJS.Signals) => Promise<void>;
  /** Starts it again on the same data and port. */
  again: () => Promise<void>;
}

export interface RunOptions {
  /** Blocks of each slice. */
  blocks?: readonly number[];
  /** More fields of every slice. */
  slice?: Record<string, unknown>;
  token?: string;
  /** Makes a token that may only read. */
  withReader?: boolean;
  /** Settings of a fleet. */
  fleet?: object;
}

/** The built file serving a run that the test plays. */
export async function startRun(options: RunOptions = {}): Promise<PlayedRun> {
  const { blocks = equalSlices(5), slice = {}, token, withReader = false, fleet } = options;
  const scene = await Scene.create();
  const manifest = await writeManifest(scene.path('manifest.json'), manifestOf(blocks, slice));
  const readerToken = withReader ? await makeReaderToken(scene) : '';
  const flags = token === undefined ? [] : ['--token', token];
  if (fleet !== undefined) flags.push('--fleet', await scene.write('fleet.json', JSON.stringify(fleet)));
  let { url, port, running } = await scene.serve(manifest, flags);
  return {
    scene,
    url,
    port,
    running,
    readerToken,
    alpha: new Player(url, 'alpha', token),
    stop: async (signal = 'SIGTERM') => {
      running.kill(signal);
      await running.finished;
    },
    again: async () => {
      ({ running } = await scene.serve(manifest, flags, { port }));
    },
  };
}

async function makeReaderToken(scene: Scene): Promise<string> {
  const flags = ['--rights', 'read', '--data-dir', scene.path('orchestrator'), '--json'];
  const { stdout } = await scene.run(['tokens', 'create', ...flags]);
  return (JSON.parse(stdout) as { token: string }).token;
}
