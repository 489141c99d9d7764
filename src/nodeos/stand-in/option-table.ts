/**
 * The options that the real programs know, taken from what `nodeos --help` of Spring 1.2.2 and Leap 5.0.3
 * prints. One word each: `name`, `|x` its short form, `!` when it takes no value, `=default` when the
 * help names one (`~` stands for a space).
 */
export interface OptionSpec {
  readonly name: string;
  readonly short: string | null;
  readonly isSwitch: boolean;
  readonly defaultValue: string | null;
  /** Whether config.ini may name it too. */
  readonly inConfig: boolean;
}

/** Known to both, on the command line and in config.ini. */
const CONFIG_BOTH = `
blocks-dir=blocks blocks-log-stride max-retained-block-files blocks-retained-dir
blocks-archive-dir state-dir=state protocol-features-dir=protocol_features checkpoint
wasm-runtime=eos-vm-jit profile-account abi-serializer-max-time-ms=15 chain-state-db-size-mb=1024
chain-state-db-guard-size-mb=128 signature-cpu-billable-pct=50 chain-threads=2 contracts-console!
deep-mind! actor-whitelist actor-blacklist contract-whitelist contract-blacklist action-blacklist
key-blacklist sender-bypass-whiteblacklist read-mode=head api-accept-transactions=1
validation-mode=full disable-ram-billing-notify-checks! maximum-variable-signature-length=16384
trusted-producer database-map-mode=mapped enable-account-queries=0
transaction-retry-max-storage-size-gb transaction-retry-interval-sec=20
transaction-retry-max-expiration-sec=120 transaction-finality-status-max-storage-size-gb
transaction-finality-status-success-duration-sec=180
transaction-finality-status-failure-duration-sec=180 disable-replay-opts! integrity-hash-on-start!
integrity-hash-on-stop! block-log-retain-blocks unix-socket-path
http-server-address=127.0.0.1:8888 http-category-address access-control-allow-origin
access-control-allow-headers access-control-max-age access-control-allow-credentials!
max-body-size=2097152 http-max-bytes-in-flight-mb=500 http-max-in-flight-requests=-1
http-max-response-time-ms=15 verbose-http-errors! http-validate-host=1 http-alias http-threads=2
http-keep-alive=1 p2p-listen-endpoint=0.0.0.0:9876:0 p2p-server-address p2p-peer-address
p2p-max-nodes-per-host=1 p2p-accept-transactions=1 p2p-auto-bp-peer allowed-connection=any
peer-key peer-private-key max-clients=25 connection-cleanup-period=30 max-cleanup-time-msec=10
p2p-dedup-cache-expire-time-sec=10 net-threads=4 sync-fetch-span=1000 sync-peer-limit=3
use-socket-read-watermark=0 peer-log-format p2p-keepalive-interval-ms=10000
enable-stale-production|e! pause-on-startup|x! max-transaction-time=499
max-irreversible-block-age=-1 producer-name|p signature-provider greylist-account
greylist-limit=1000 produce-block-offset-ms=450 max-block-cpu-usage-threshold-us=5000
max-block-net-usage-threshold-bytes=1024 subjective-cpu-leeway-us=31000
subjective-account-max-failures=3 subjective-account-max-failures-window-size=1
subjective-account-decay-time-minutes=1440 incoming-transaction-queue-size-mb=1024
disable-subjective-account-billing disable-subjective-p2p-billing=1
disable-subjective-api-billing=1 snapshots-dir=snapshots read-only-threads
read-only-write-window-time-us=200000 read-only-read-window-time-us=60000
resource-monitor-interval-seconds=2 resource-monitor-space-threshold=90
resource-monitor-space-absolute-gb resource-monitor-not-shutdown-on-threshold-exceeded!
resource-monitor-warning-interval=30 keosd-provider-timeout=5 plugin
`;

/** Only Spring. */
const CONFIG_SPRING = `
finalizers-dir=finalizers vote-threads p2p-disable-block-nack=0 p2p-bp-gossip-endpoint
agent-name=Spring~Agent production-pause-vote-timeout-ms=6000 max-reversible-blocks=3600
`;

/** Only Leap. */
const CONFIG_LEAP = `
agent-name=EOS~Test~Agent producer-threads=2
`;

/** Both, on the command line only. */
const COMMAND_LINE = `
genesis-json genesis-timestamp print-genesis-json! extract-genesis-json print-build-info!
extract-build-info force-all-checks! replay-blockchain! hard-replay-blockchain! delete-all-blocks!
truncate-at-block=0 terminate-at-block=0 snapshot help|h! version|v! full-version!
print-default-config! data-dir|d config-dir config|c=config.ini logconf|l=logging.json
`;

/** The options of one product, by name. */
export function knownOptions(product: 'leap' | 'spring'): ReadonlyMap<string, OptionSpec> {
  const config = readSpecs(CONFIG_BOTH + (product === 'spring' ? CONFIG_SPRING : CONFIG_LEAP), true);
  return new Map([...config, ...readSpecs(COMMAND_LINE, false)].map((spec) => [spec.name, spec]));
}

function readSpecs(text: string, inConfig: boolean): OptionSpec[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      const [, name = '', short, bang, value] = /^([a-z0-9-]+)(?:\|(\w))?(!)?(?:=(.*))?$/.exec(word) ?? [];
      return {
        name,
        short: short ?? null,
        isSwitch: bang !== undefined,
        defaultValue: value === undefined ? null : value.replaceAll('~', ' '),
        inConfig,
      };
    });
}
