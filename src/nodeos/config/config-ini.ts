import type { Product } from '../product.ts';
import type { ConfigLine } from './config-ini-lines.ts';

export interface ConfigRequest {
  /** `replay`: works through the slice. `read-only`: holds still at its end and answers for its hash. */
  readonly purpose: 'replay' | 'read-only';
  readonly product: Product;
  /** Ports of this host, kept free for this run. */
  readonly httpPort: number;
  readonly p2pPort: number;
  /** Stride files are in `blocks/retained`. */
  readonly hasBlockFiles: boolean;
  /** `host:port` */
  readonly peers: readonly string[];
  /** Lines of the user's own file, checked by `checkConfigLines`. They take the place of ours. */
  readonly userLines: readonly ConfigLine[];
}

interface Setting extends ConfigLine {
  /** Why it is set; written above it as a comment. */
  readonly reason: string;
}

/** 128 GiB: more than the state of any public chain so far. The file is sparse: it takes what is used. */
export const STATE_DB_MIB = 131_072;

/** The file `config.ini` for one run of nodeos, with the reason of each setting. Pure. */
export function configIni(request: ConfigRequest): string {
  const overridden = new Set(request.userLines.map((line) => line.name));
  // An option that is given twice in the file is an error to nodeos, unless it is one that makes a list.
  const ours = settings(request).filter(
    (setting) => setting.name === 'plugin' || !overridden.has(setting.name),
  );
  const blocks = ours.map(({ name, value, reason }) => `# ${reason}\n${name} = ${value}\n`);
  if (request.userLines.length > 0) {
    const lines = request.userLines.map(({ name, value }) => `${name} = ${value}\n`);
    blocks.push(
      `# From the user's own configuration; these take the place of the built-in ones.\n${lines.join('')}`,
    );
  }
  return blocks.join('\n');
}

function settings(request: ConfigRequest): Setting[] {
  const common = [...basics(request), ...sizes()];
  if (request.purpose === 'read-only') return [...common, ...readOnly()];
  return [...common, ...blockFiles(request), ...peers(request), ...whileReplaying(request)];
}

function basics({ httpPort, p2pPort, purpose }: ConfigRequest): Setting[] {
  const plugins = [
    setting(
      'plugin',
      'eosio::chain_api_plugin',
      'get_info tells how far nodeos is while it syncs from peers.',
    ),
  ];
  if (purpose === 'read-only') {
    plugins.push(setting('plugin', 'eosio::producer_api_plugin', 'It answers get_integrity_hash.'));
  }
  return [
    ...plugins,
    setting(
      'http-server-address',
      `127.0.0.1:${httpPort}`,
      'Only this host; a port that no other worker on it has.',
    ),
    setting(
      'p2p-listen-endpoint',
      `127.0.0.1:${p2pPort}`,
      'Nobody is to connect; there is no way to listen nowhere that all versions know.',
    ),
    setting('http-max-response-time-ms', '-1', 'The hash of a large state takes minutes.'),
  ];
}

function sizes(): Setting[] {
  return [
    setting(
      'chain-state-db-size-mb',
      String(STATE_DB_MIB),
      'The default of 1 GiB holds no public chain. The file is sparse and takes no more than is used.',
    ),
  ];
}

function blockFiles({ hasBlockFiles }: ConfigRequest): Setting[] {
  if (!hasBlockFiles) return [];
  return [
    setting(
      'blocks-retained-dir',
      'retained',
      'Without one of these three nodeos ignores stride files, silently.',
    ),
    setting('max-retained-block-files', '100000', 'None of them is to be deleted as too old.'),
    setting(
      'blocks-log-stride',
      '1000000',
      'Blocks that come from peers stay in one file; the names of the others tell their range.',
    ),
  ];
}

function peers({ peers: addresses }: ConfigRequest): Setting[] {
  return addresses.map((address) =>
    setting('p2p-peer-address', address, 'Delivers the blocks that no file has (--peer).'),
  );
}

function whileReplaying({ product }: ConfigRequest): Setting[] {
  const settingsOfBoth = [
    // Known to all versions; the absolute threshold came with Leap 5.
    setting(
      'resource-monitor-space-threshold',
      '99',
      'On a full disk nodeos dies of SIGBUS or hangs: better that it stops in order just before, and says so. The default of 90 % stops hosts with much space left.',
    ),
  ];
  if (product === 'leap') return settingsOfBoth;
  return [...settingsOfBoth, setting('vote-threads', '0', 'A replay has no votes to process.')];
}

/**
 * Keeps the head where it is. They must not be in the configuration of the replay: with a block log
 * that ends exactly at the end block nodeos would never terminate.
 */
function readOnly(): Setting[] {
  const reason = 'With either of them on, the head moves to blocks that were received beyond the end.';
  return [
    setting('read-mode', 'head', 'Other modes go back to the last irreversible block, or on from the head.'),
    setting('p2p-accept-transactions', 'false', reason),
    setting('api-accept-transactions', 'false', reason),
    setting(
      'resource-monitor-not-shutdown-on-threshold-exceeded',
      'true',
      'It writes nothing any more: a disk that is nearly full must not cost the hash.',
    ),
  ];
}

function setting(name: string, value: string, reason: string): Setting {
  return { name, value, reason };
}
