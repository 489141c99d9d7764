import { isIPv6 } from 'node:net';
import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';

/** The port `replay serve` listens on when it is told nothing else. */
export const DEFAULT_PORT = 4000;

const EXPECTED = 'Expected an address like 10.0.0.5, host:4000, [fd00::5]:4000 or http://host:4000.';

/**
 * Reads what was given to `--orchestrator` and returns the base URL, without a slash at its end.
 * An address without a scheme is http on port 4000 unless it names a port. A URL is taken as it is
 * written: `https://replay.example` is port 443. Throws a UserError with the exit code for usage.
 */
export function parseOrchestrator(text: string): string {
  const address = text.trim();
  if (address === '') throw malformed(text, 'it is empty');
  return address.includes('://') ? fromUrl(address) : fromHostAndPort(address);
}

function fromUrl(address: string): string {
  if (!URL.canParse(address)) throw malformed(address, 'it is not a URL');
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw malformed(address, `the scheme ${url.protocol.slice(0, -1)} is not http or https`);
  }
  if (url.username !== '' || url.password !== '') {
    // The message must not repeat the address: it holds a password.
    throw malformed(`${url.protocol}//…@${url.host}`, 'a user name or password cannot be part of it');
  }
  if (url.search !== '' || url.hash !== '') throw malformed(address, 'it has a query or a fragment');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function fromHostAndPort(address: string): string {
  if (isIPv6(address)) return `http://[${address}]:${DEFAULT_PORT}`;
  const match = /^(?<host>\[[^\]]+\]|[^\s:/?#@[\]]+)(?::(?<port>\d+))?\/?$/.exec(address);
  const host = match?.groups?.['host'];
  if (host === undefined) throw malformed(address, 'it is neither a host, host:port nor a URL');
  if (host.startsWith('[') && !isIPv6(host.slice(1, -1))) {
    throw malformed(address, `${host} is not an IPv6 address`);
  }
  const port = Number(match?.groups?.['port'] ?? DEFAULT_PORT);
  if (port < 1 || port > 65_535) throw malformed(address, `the port ${port} is not between 1 and 65535`);
  if (!URL.canParse(`http://${host}:${port}`)) throw malformed(address, `${host} is not a host name`);
  return `http://${host}:${port}`;
}

function malformed(address: string, reason: string): UserError {
  return new UserError({
    code: 'ORCHESTRATOR_ADDRESS',
    message: `The orchestrator's address "${address}" cannot be used: ${reason}.`,
    hint: EXPECTED,
    exitCode: ExitCode.usage,
  });
}
