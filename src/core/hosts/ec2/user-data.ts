import { userDataOf } from '../boot/user-data.ts';
import type { JoinRequest } from '../provider.ts';

/** What a new instance runs at its start (cloud-init): it fetches the program and goes to work. Pure. */
export function instanceUserData({ orchestrator, token, prices, sha256, work }: JoinRequest): string {
  if (sha256 === null) throw new Error('an instance needs to know which program to fetch');
  return userDataOf({
    orchestrator,
    sha256,
    joinToken: token,
    idleSeconds: work.idleSeconds,
    lifetimeSeconds: work.lifetimeSeconds,
    workFlags: work.flags,
    prices,
  });
}
