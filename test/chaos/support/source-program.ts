import { resolve } from 'node:path';
import type { Scene } from '../../e2e/support/scene.ts';
import { Program } from './program.ts';

const ENTRY = resolve(import.meta.dirname, '../../../bin/replay.ts');
const PRELOAD = resolve(import.meta.dirname, 'die-at-write-point.ts');

/**
 * Starts the program from its source under Node, where its calls to the file system can be watched; in the
 * built file they cannot.
 */
export function startFromSource(scene: Scene, args: readonly string[], env: Record<string, string>): Program {
  return new Program(scene, [process.execPath, '--import', PRELOAD, ENTRY, ...args], env);
}
