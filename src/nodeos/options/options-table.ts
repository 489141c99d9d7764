import type { Product } from '../product.ts';

/** What values an option takes. */
export type ValueRule =
  | { readonly kind: 'flag' }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly values: readonly string[] };

export interface AllowedOption {
  readonly rule: ValueRule;
  /** The product that alone knows it; absent when both do. */
  readonly only?: Product;
}

const integer = (min: number, max: number): AllowedOption => ({ rule: { kind: 'integer', min, max } });
const choice = (...values: string[]): AllowedOption => ({ rule: { kind: 'choice', values } });
const flag: AllowedOption = { rule: { kind: 'flag' } };
const only = (product: Product, option: AllowedOption): AllowedOption => ({ ...option, only: product });

const MOST_THREADS = 1024;
/** 16 TiB, in MiB. */
const MOST_MIB = 16 * 1024 * 1024;

/**
 * Options of nodeos that a manifest may set: how much memory, disk and processor it takes, and checks
 * that make it stricter. None of them changes the state that is computed. Names and limits are those
 * of `nodeos --help` (Leap 5.0.3, Spring 1.2.2); the `eos-vm-oc` ones exist in the released packages.
 */
export const ALLOWED_OPTIONS: ReadonlyMap<string, AllowedOption> = new Map([
  ['chain-state-db-size-mb', integer(1, MOST_MIB)],
  ['chain-state-db-guard-size-mb', integer(1, MOST_MIB)],
  ['chain-threads', integer(1, MOST_THREADS)],
  ['database-map-mode', choice('mapped', 'mapped_private', 'heap', 'locked')],
  ['wasm-runtime', choice('eos-vm-jit', 'eos-vm', 'eos-vm-oc')],
  ['eos-vm-oc-enable', choice('auto', 'all', 'none')],
  ['eos-vm-oc-cache-size-mb', integer(1, MOST_MIB)],
  ['eos-vm-oc-compile-threads', integer(1, MOST_THREADS)],
  ['disable-replay-opts', flag],
  ['force-all-checks', flag],
  ['vote-threads', only('spring', integer(0, MOST_THREADS))],
  ['max-reversible-blocks', only('spring', integer(0, 1_000_000_000))],
  ['producer-threads', only('leap', integer(1, MOST_THREADS))],
  ['net-threads', integer(1, MOST_THREADS)],
  ['http-threads', integer(1, MOST_THREADS)],
  ['sync-fetch-span', integer(1, 1_000_000)],
  ['sync-peer-limit', integer(1, 1000)],
  ['resource-monitor-interval-seconds', integer(1, 300)],
  ['resource-monitor-space-threshold', integer(6, 99)],
  ['resource-monitor-space-absolute-gb', integer(1, 1_000_000)],
  ['resource-monitor-warning-interval', integer(1, 450)],
  ['resource-monitor-not-shutdown-on-threshold-exceeded', flag],
]);

const REASONS: ReadonlyArray<readonly [reason: string, names: string]> = [
  [
    'it is set by this program, from the slice',
    `snapshot genesis-json genesis-timestamp terminate-at-block truncate-at-block integrity-hash-on-start
     integrity-hash-on-stop replay-blockchain hard-replay-blockchain delete-all-blocks`,
  ],
  [
    'it would make nodeos read or write elsewhere',
    `data-dir config-dir config logconf blocks-dir state-dir blocks-retained-dir blocks-archive-dir
     blocks-log-stride max-retained-block-files block-log-retain-blocks protocol-features-dir snapshots-dir
     finalizers-dir unix-socket-path trace-dir state-history-dir state-history-retained-dir
     state-history-archive-dir`,
  ],
  [
    'it changes which blocks and transactions are accepted or checked, and so what a replay proves',
    `read-mode validation-mode trusted-producer checkpoint actor-whitelist actor-blacklist
     contract-whitelist contract-blacklist action-blacklist key-blacklist sender-bypass-whiteblacklist
     disable-ram-billing-notify-checks p2p-accept-transactions api-accept-transactions
     maximum-variable-signature-length signature-cpu-billable-pct`,
  ],
  [
    'it opens the network or names who may connect',
    `http-server-address http-category-address p2p-listen-endpoint p2p-server-address p2p-auto-bp-peer
     p2p-bp-gossip-endpoint allowed-connection peer-key peer-private-key http-validate-host http-alias
     access-control-allow-origin access-control-allow-headers access-control-max-age
     access-control-allow-credentials`,
  ],
  ['peers are given to the worker with --peer', 'p2p-peer-address'],
  [
    'a replay produces no blocks',
    `producer-name signature-provider enable-stale-production pause-on-startup keosd-provider-timeout
     production-pause-vote-timeout-ms`,
  ],
  [
    'it lets others write into the log that the result is read from',
    'contracts-console deep-mind peer-log-format agent-name profile-account',
  ],
  [
    'it makes nodeos print something and exit',
    `help version full-version print-default-config
     print-genesis-json extract-genesis-json print-build-info extract-build-info`,
  ],
];

/** Options that are refused with a reason of their own, whoever gives them. */
export const REFUSED_OPTIONS: ReadonlyMap<string, string> = new Map(
  REASONS.flatMap(([reason, names]) => names.split(/\s+/).map((name) => [name, reason] as const)),
);
