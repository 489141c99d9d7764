/** Endpoints that each API plugin offers, in the order in which nodeos announces them. */
const CHAIN = `
node get_info;chain_ro get_activated_protocol_features get_block get_block_info get_block_header_state
get_account get_code get_code_hash get_consensus_parameters get_abi get_raw_code_and_abi get_raw_abi
get_finalizer_info get_table_rows get_table_by_scope get_currency_balance get_currency_stats get_producers
get_producer_schedule get_scheduled_transactions get_required_keys get_transaction_id compute_transaction
;chain_rw push_transaction push_transactions send_transaction send_transaction2 push_block
;chain_ro send_read_only_transaction get_raw_block get_block_header`;

const PRODUCER = `
producer_ro paused get_runtime_options get_greylist get_whitelist_blacklist
get_scheduled_protocol_feature_activations get_supported_protocol_features get_account_ram_corrections
get_unapplied_transactions get_snapshot_requests
;producer_rw pause pause_at_block resume update_runtime_options add_greylist_accounts
remove_greylist_accounts set_whitelist_blacklist;snapshot create_snapshot schedule_snapshot
unschedule_snapshot;producer_rw get_integrity_hash schedule_protocol_feature_activations`;

const NET = 'net_rw connect disconnect;net_ro status connections bp_gossip_peers';

/** Endpoints that Leap 5 does not have. */
const SPRING_ONLY = new Set(['get_finalizer_info', 'pause_at_block', 'bp_gossip_peers']);

export type Api = 'chain' | 'producer' | 'net';

export interface ApiUrl {
  /** `chain_ro`, `producer_rw`, …: what the log calls it. */
  readonly category: string;
  readonly path: string;
}

/** The endpoints of `chain`, `producer` or `net`. */
export function apiUrls(api: Api, product: 'leap' | 'spring'): ApiUrl[] {
  const text = { chain: CHAIN, producer: PRODUCER, net: NET }[api];
  return text.split(';').flatMap((group) => {
    const [category = '', ...names] = group.trim().split(/\s+/);
    return names
      .filter((name) => product === 'spring' || !SPRING_ONLY.has(name))
      .map((name) => ({ category, path: `/v1/${api}/${name}` }));
  });
}
