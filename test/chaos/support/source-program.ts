import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Scene } from '../../e2e/support/scene.ts';

const ENTRY = resolve(import.meta.dirname, '../../../bin/replay.ts');
const PRELOAD = resolve(import.meta.dirname, 'die-at-write-point.ts');

export interface SourceProgram {
  /** True once it listens, false when it ends before. */
  listens: Promise<boolean>;
  /** Resolves with the signal that ended it, or null. */
  ended: Promise<NodeJS.Signals | null>;
  child: ChildProcess;
}

/**
 * Starts the program from its source under Node, where its calls to the file system can be watched; in the
 * built file they cannot.
 */
export function startFromSource(
  scene: Scene,
  args: readonly string[],
  env: Record<string, string>,
): SourceProgram {
  const child = spawn(process.execPath, ['--import', PRELOAD, ENTRY, ...args], {
    cwd: scene.folder,
    env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<NodeJS.Signals | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', (_code, signal) => done(signal));
  });
  const listens = new Promise<boolean>((found) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('Orchestrator: ')) found(true);
    });
    void ended.then(() => found(false));
  });
  scene.onEnd(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { listens, ended, child };
}
