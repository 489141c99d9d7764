import type { JoinRequest } from './provider.ts';

/**
 * The arguments of `replay work` for a host that is not one of EC2's, but for how long it may live. No secret is
 * among them.
 */
export function workArguments(
  { orchestrator, token, work }: JoinRequest,
  { dataDir, joinTokenFile }: { dataDir: string; joinTokenFile: string },
): string[] {
  return [
    `--orchestrator=${orchestrator}`,
    `--data-dir=${dataDir}`,
    ...(token === null ? [] : [`--join-token-file=${joinTokenFile}`]),
    `--idle-timeout=${work.idleSeconds}s`,
    ...work.flags,
  ];
}
