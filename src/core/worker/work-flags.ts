import { MAX_PRICE } from '../domain/cost.ts';
import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';
import { unknownPlaceholders } from '../../nodeos/install/release.ts';

const PEER = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(?<port>\d{1,5})$/;

/** Each becomes a line of nodeos's configuration, where anything else would be another setting. */
export function checkPeers(peers: readonly string[]): void {
  for (const peer of peers) {
    const port = Number(PEER.exec(peer)?.groups?.['port'] ?? 0);
    if (port >= 1 && port <= 65_535) continue;
    throw new UserError({
      code: 'PEER_ADDRESS',
      message: `The peer ${JSON.stringify(peer)} cannot be used.`,
      hint: 'Expected host:port, such as p2p.example.org:9876 or [fd00::5]:9876.',
      exitCode: ExitCode.usage,
    });
  }
}

/** Digits, and a fraction down to a millionth of a dollar. */
const PRICE = /^\d{1,5}(?:\.\d{1,6})?$/;

/** Dollars an hour, as a person writes them: `0.68`. */
export function parsePrice(text: string): number {
  const price = PRICE.test(text) ? Number(text) : Number.NaN;
  if (price <= MAX_PRICE) return price;
  throw new UserError({
    code: 'PRICE',
    message: `The price ${JSON.stringify(text)} cannot be used.`,
    hint: `Expected US dollars an hour from 0 to ${MAX_PRICE}, such as 0.68.`,
    exitCode: ExitCode.usage,
  });
}

/** A placeholder that means nothing would be found out with the first download only. */
export function checkDebUrl(template: string | null): void {
  const unknown = template === null ? [] : unknownPlaceholders(template);
  if (unknown.length === 0) return;
  throw new UserError({
    code: 'DEB_URL_TEMPLATE',
    message: `--deb-url has placeholders that mean nothing: ${unknown.map((name) => `{${name}}`).join(', ')}.`,
    hint: 'Known are {product}, {repository}, {version}, {major} and {file}.',
    exitCode: ExitCode.usage,
  });
}
