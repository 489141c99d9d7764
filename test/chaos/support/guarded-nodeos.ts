import { chmod, mkdir, readFile } from 'node:fs/promises';
import { shellQuote, type StandInWrapper } from '../../../src/nodeos/stand-in/wrapper.ts';
import type { Scene } from '../../e2e/support/scene.ts';

export interface GuardedNodeos {
  path: string;
  /** The jobs that two of them were at work on at the same time. */
  violations(): Promise<string[]>;
  /** How often one was started on a job. */
  starts(): Promise<number>;
}

/**
 * A stand-in that watches over the one rule: each holds a lock on the number of its job for as long as it
 * lives, and who finds it taken says so in a file.
 */
export async function guardedNodeos(
  scene: Scene,
  settings: Omit<StandInWrapper, 'command'>,
): Promise<GuardedNodeos> {
  const standIn = await scene.standIn(settings);
  const locks = scene.path('locks');
  await mkdir(locks);
  const found = scene.path('locks', 'violations');
  const started = scene.path('locks', 'starts');
  await scene.write(found, '');
  await scene.write(started, '');
  const path = await scene.write(
    'guarded/nodeos',
    `#!/bin/sh
job=
for word in "$@"; do
  case $word in */attempts/job-*/data) job=\${word##*/attempts/job-}; job=\${job%%-*};; esac
done
if [ -n "$job" ]; then
  echo "$job" >> ${shellQuote(started)}
  exec 9> ${shellQuote(locks)}/"$job"
  flock --nonblock 9 || echo "$job" >> ${shellQuote(found)}
fi
exec ${shellQuote(standIn)} "$@"
`,
  );
  await chmod(path, 0o755);
  const linesOf = async (file: string): Promise<string[]> =>
    (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return {
    path,
    violations: () => linesOf(found),
    starts: async () => (await linesOf(started)).length,
  };
}
