/**
 * What nodeos complains of, as far as it explains the end of a run. A problem is never evidence of
 * success or of failure by itself: some runs print one and succeed, so only a run that has not
 * proved its work is asked for its problems. Ordered: the first one seen in a run is not
 * necessarily its root, the first one in this list is.
 */
export const PROBLEM_KINDS = [
  'disk-full',
  'out-of-memory',
  'state-too-small',
  'dirty-state',
  'existing-state',
  'snapshot-missing',
  'snapshot-version',
  'snapshot-unreadable',
  'other-chain',
  'log-not-adjacent',
  'log-damaged',
  'no-fork-database',
  'refused-option',
  'refused-configuration',
  'port-in-use',
  'block-refused',
  'peer-lacks-blocks',
  'peer-unreachable',
  'unlinkable-blocks',
] as const;

export type ProblemKind = (typeof PROBLEM_KINDS)[number];

// Seen in the logs of Leap 5.0.3 and Spring 1.2.2, but for the allocation failures, which are the
// texts of the C++ library and of boost. Within a line the first match counts.
const PATTERNS: ReadonlyArray<readonly [ProblemKind, RegExp]> = [
  ['disk-full', /exceeded file system configured threshold/],
  ['disk-full', /unable to (?:flush|write) /],
  ['disk-full', /No space left on device/i],
  ['state-too-small', /db storage not configured to have enough storage/],
  ['state-too-small', /Database (?:has reached an unsafe level of usage|usage is at unsafe levels)/],
  ['state-too-small', /boost::interprocess::bad_alloc/],
  ['out-of-memory', /std::bad_alloc|Cannot allocate memory/],
  ['dirty-state', /database dirty flag set/i],
  ['existing-state', /Snapshot can only be used to initialize an empty database/],
  ['existing-state', /starting from a snapshot with no block log, we shouldn't have a fork database/],
  ['snapshot-missing', /^Cannot load snapshot, /],
  ['snapshot-version', /Unsupported version of chain snapshot/],
  ['snapshot-unreadable', /Binary snapshot has unexpected magic number/],
  ['snapshot-unreadable', /\b324\d{4} snapshot_\w*exception\b/],
  ['snapshot-unreadable', /^\s+\S+\s+(?:chain_)?snapshot\.[ch]pp:\d+ /],
  ['other-chain', /^snapshot chain ID \(/],
  ['other-chain', /does not match the existing genesis state in blocks\.log/],
  ['log-not-adjacent', /does not contain the head block from the snapshot/],
  ['log-not-adjacent', /^block log \(ranging from \d+ to \d+\) does not contain/],
  ['log-damaged', /\b319\d{4} block_log_\w+/],
  ['log-damaged', /blocks\.(?:log|index)\b.* (?:unable to read|is empty, please use)/],
  ['log-damaged', /^(?:error unpacking eosio::chain::signed_block|Wrong block was read from block log)/],
  ['no-fork-database', /^No existing fork database despite existing chain state/],
  ['refused-option', /Unknown option '.*' passed as command line argument/],
  ['refused-option', /--snapshot is incompatible with --genesis-json/],
  ['refused-configuration', /Unknown option '.*' inside the config file/],
  ['refused-configuration', /the argument (?:\('.*'\) )?for option '.*' is invalid/],
  ['refused-configuration', /unable to find plugin: /],
  ['refused-configuration', /^Config file ".*" missing/],
  ['refused-configuration', /^No such directory '/],
  ['refused-configuration', /We recommend storing the state db file on tmpfs only when/],
  ['port-in-use', /Address already in use/],
  ['port-in-use', /http_plugin startup fails for|net_plugin::plugin_startup failed to listen/],
  ['block-refused', /^Exception caught while replaying block log/],
  ['block-refused', /^exception thrown while applying block \d+/],
  ['peer-lacks-blocks', /received go_away_message, reason = some other non-fatal condition/],
  ['peer-unreachable', /^connection failed to /],
  ['unlinkable-blocks', /unlinkable block/i],
];

/** The problem that a message or a line without header tells of, or null. */
export function problemIn(text: string): ProblemKind | null {
  return PATTERNS.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

// Warnings and errors that successful runs print too.
const HARMLESS =
  /^(?:Checktime timer accuracy |Failed to start a pending block|No existing chain state or fork database\.)/;

/** Whether a warning or an error says nothing about how the run will end. */
export function isHarmless(message: string): boolean {
  return HARMLESS.test(message);
}
