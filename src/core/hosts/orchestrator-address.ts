import { parseOrchestrator } from '../protocol/client-address.ts';

/**
 * Which orchestrator hosts are launched for: `10.0.0.5:4000`, as a tag can have it. Pure.
 * @param address as the hosts reach it
 * @throws UserError when it is none
 */
export function addressOf(address: string): string {
  // Port 80 is left out of a URL; no tag of EC2 has brackets.
  return new URL(parseOrchestrator(address)).host.replaceAll(/[[\]]/g, '');
}

/** What the hosts of a fleet carry, if the settings say it; the address of a caller may be another one. */
export function ownAddress({ orchestrator }: { readonly orchestrator: string | null }): string | null {
  return orchestrator === null ? null : addressOf(orchestrator);
}
