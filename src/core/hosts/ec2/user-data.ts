import { userDataOf } from '../boot/user-data.ts';
import type { JoinRequest } from '../provider.ts';

/** The clock of who launches may be ahead of that of the instance. Seconds. */
const SLACK = 3600;

/**
 * What a new instance runs at its start (cloud-init): it fetches the program and goes to work. Pure.
 * @param now milliseconds since 1970
 */
export function instanceUserData(
  { orchestrator, token, prices, sha256, work }: JoinRequest,
  now: number,
): string {
  if (sha256 === null) throw new Error('an instance needs to know which program to fetch');
  return userDataOf({
    orchestrator,
    sha256,
    joinToken: token,
    idleSeconds: work.idleSeconds,
    lifetimeSeconds: work.lifetimeSeconds,
    notBefore: Math.floor(now / 1000) - SLACK,
    workFlags: work.flags,
    prices,
  });
}
