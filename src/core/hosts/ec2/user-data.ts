import type { JoinRequest } from '../provider.ts';

/** What a new instance runs at its start (cloud-init): it fetches the program and goes to work. Pure. */
export function userDataOf({ orchestrator, token }: JoinRequest): string {
  return [
    '#!/bin/sh',
    'set -eu',
    `curl -fsS --retry 10 -H 'Authorization: Bearer ${token ?? ''}' -o /usr/local/bin/replay '${orchestrator}/replay'`,
    'chmod 755 /usr/local/bin/replay',
    '',
  ].join('\n');
}
