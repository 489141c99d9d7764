import { isIP } from 'node:net';
import { isLoopbackAddress } from './addresses.ts';

export interface HostRules {
  /** The orchestrator listens on a loopback address only. */
  loopback: boolean;
  /** Further names, in lower case. */
  names: readonly string[];
}

/**
 * Whether a request to an open orchestrator may come under this Host header. It protects against DNS
 * rebinding: a page elsewhere makes the browser believe that its own name has our address, and talks
 * to us as if we were its server. The browser then sends that name here. It cannot make it send an
 * address or `localhost`, so those are accepted; on loopback only its own addresses. The port does not
 * matter: a tunnel may end at another one.
 *
 * Where a token is needed nothing is checked: a page elsewhere has none, and the cookie belongs to the
 * name under which the browser signed in.
 */
export function isOwnHost(header: string | undefined, { loopback, names }: HostRules): boolean {
  const host = hostOf(header);
  if (host === null) return false;
  if (host === 'localhost' || names.includes(host)) return true;
  return loopback ? isLoopbackAddress(host) : isIP(host) !== 0;
}

/** The host without its port, in lower case, IPv6 without brackets; null when the header is no host. */
function hostOf(header: string | undefined): string | null {
  const match = /^(?:\[(?<v6>[0-9a-f:.]+)\]|(?<name>[^\s:/?#@[\]]+))(?::\d{1,5})?$/i.exec(header ?? '');
  const host = match?.groups?.['v6'] ?? match?.groups?.['name'];
  return host === undefined ? null : host.toLowerCase().replace(/\.$/, '');
}
