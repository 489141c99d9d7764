import { accelerator } from './accelerator.ts';

/**
 * How long to wait for something before it counts as stuck. Milliseconds.
 * @param seconds on a machine that has nothing else to do, with a processor of its own
 */
export function patience(seconds: number): number {
  return seconds * 1000 * accelerator().slowness;
}
