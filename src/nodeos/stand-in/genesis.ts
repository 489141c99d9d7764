import { createHash } from 'node:crypto';
import { type ByteReader, u16, u32, u64 } from './bytes.ts';

/** What a chain begins with, as packed into block logs: 8 bytes of time, 34 of key, 68 of parameters. */
export interface Genesis {
  readonly packed: Buffer;
  /** SHA-256 of the packed form. */
  readonly chainId: string;
  /** `2026-11-22T08:14:00.000` */
  readonly timestamp: string;
}

const PACKED_LENGTH = 8 + 34 + 68;

/** The parameters of genesis.json in the order in which they are packed, with their widths in bytes. */
const PARAMETERS: readonly (readonly [string, 2 | 4 | 8])[] = [
  ['max_block_net_usage', 8],
  ['target_block_net_usage_pct', 4],
  ['max_transaction_net_usage', 4],
  ['base_per_transaction_net_usage', 4],
  ['net_usage_leeway', 4],
  ['context_free_discount_net_usage_num', 4],
  ['context_free_discount_net_usage_den', 4],
  ['max_block_cpu_usage', 4],
  ['target_block_cpu_usage_pct', 4],
  ['max_transaction_cpu_usage', 4],
  ['min_transaction_cpu_usage', 4],
  ['max_transaction_lifetime', 4],
  ['deferred_trx_expiration_window', 4],
  ['max_transaction_delay', 4],
  ['max_inline_action_size', 4],
  ['max_inline_action_depth', 2],
  ['max_authority_depth', 2],
];

/** Takes a packed genesis out of a block log. */
export function takeGenesis(reader: ByteReader): Genesis {
  return fromPacked(reader.take(PACKED_LENGTH));
}

function fromPacked(packed: Buffer): Genesis {
  const milliseconds = Number(packed.readBigInt64LE() / 1000n);
  return {
    packed,
    chainId: createHash('sha256').update(packed).digest('hex'),
    timestamp: new Date(milliseconds).toISOString().slice(0, -1),
  };
}

/** Packs genesis.json. @throws Error when it is no genesis. */
export function parseGenesis(text: string): Genesis {
  const json = JSON.parse(text) as Record<string, unknown>;
  const parameters = json['initial_configuration'] as Record<string, unknown> | undefined;
  const time = Date.parse(`${String(json['initial_timestamp'])}Z`);
  if (parameters === undefined || Number.isNaN(time)) throw new Error('not a genesis state');
  const fields = PARAMETERS.map(([name, width]) => {
    const value = Number(parameters[name]);
    return width === 8 ? u64(value) : width === 4 ? u32(value) : u16(value);
  });
  return fromPacked(
    Buffer.concat([u64(BigInt(time) * 1000n), packKey(String(json['initial_key'])), ...fields]),
  );
}

const BASE_58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** A public key such as `EOS6MRy…`: type 0, then 33 bytes; four bytes of checksum are left off. */
function packKey(text: string): Buffer {
  let value = 0n;
  for (const letter of text.replace(/^EOS/, '')) {
    const digit = BASE_58.indexOf(letter);
    if (digit < 0) throw new Error(`'${text}' is no public key`);
    value = value * 58n + BigInt(digit);
  }
  const bytes = Buffer.from(value.toString(16).padStart(2 * 37, '0'), 'hex');
  return Buffer.concat([Buffer.from([0]), bytes.subarray(0, 33)]);
}

/** The chain that nodeos starts when it is given neither a snapshot nor a genesis. */
export const DEFAULT_GENESIS = {
  initial_timestamp: '2018-06-01T12:00:00.000',
  initial_key: 'EOS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV',
  initial_configuration: {
    max_block_net_usage: 1048576,
    target_block_net_usage_pct: 1000,
    max_transaction_net_usage: 524288,
    base_per_transaction_net_usage: 12,
    net_usage_leeway: 500,
    context_free_discount_net_usage_num: 20,
    context_free_discount_net_usage_den: 100,
    max_block_cpu_usage: 200000,
    target_block_cpu_usage_pct: 1000,
    max_transaction_cpu_usage: 150000,
    min_transaction_cpu_usage: 100,
    max_transaction_lifetime: 3600,
    deferred_trx_expiration_window: 600,
    max_transaction_delay: 3888000,
    max_inline_action_size: 524288,
    max_inline_action_depth: 4,
    max_authority_depth: 6,
  },
};
