import { createHash } from 'node:crypto';
import { u32, u64, u8 } from './bytes.ts';
import type { Genesis } from './genesis.ts';
import { CONTAINER_VERSION, MARKER_SECTION, SNAPSHOT_MAGIC } from './snapshot-file.ts';

export interface SampleSnapshot {
  /** 8 as Spring writes it, 6 as Leap does. */
  readonly version: 6 | 8;
  readonly genesis: Genesis;
  readonly block: number;
  readonly id: string;
  readonly header: Buffer;
  /** Bytes of made-up accounts, to give the file some size. */
  readonly payloadBytes: number;
}

/**
 * A snapshot in the real container, with the three sections that the stand-in reads, a made-up one, and a
 * marker over all of them: a file with a changed byte is told from a whole one, as the real hash would.
 */
export function packSnapshot(sample: SampleSnapshot): Buffer {
  const { version, genesis } = sample;
  const before = Buffer.concat([
    u32(SNAPSHOT_MAGIC),
    u32(CONTAINER_VERSION),
    section('eosio::chain::chain_snapshot_header', 1, u32(version)),
    section('eosio::chain::block_state', 1, packBlockState(sample)),
    section('eosio::chain::account_object', 1, payload(sample)),
    section('eosio::chain::global_property_object', 1, packProperties(genesis)),
  ]);
  const marker = section(MARKER_SECTION, 1, createHash('sha256').update(before).digest());
  return Buffer.concat([before, marker, Buffer.alloc(8, 0xff)]);
}

function section(name: string, rows: number, data: Buffer): Buffer {
  const body = Buffer.concat([u64(rows), Buffer.from(`${name}\0`, 'latin1'), data]);
  return Buffer.concat([u64(body.length), body]);
}

/** Version 8 in Savanna's form: two flags, id, header. Version 6: three block numbers, then id and header. */
function packBlockState({ version, block, id, header }: SampleSnapshot): Buffer {
  const head = [Buffer.from(id, 'hex'), header];
  return version === 8
    ? Buffer.concat([u8(0), u8(1), ...head])
    : Buffer.concat([u32(block), u32(block), u32(block), ...head]);
}

/** No pending producers; the parameters of the genesis with the one field that was added later; chain id. */
function packProperties(genesis: Genesis): Buffer {
  const parameters = genesis.packed.subarray(8 + 34);
  return Buffer.concat([u8(0), u32(0), u8(0), parameters, u32(256), Buffer.from(genesis.chainId, 'hex')]);
}

function payload({ id, payloadBytes }: SampleSnapshot): Buffer {
  const piece = createHash('sha512').update(id).digest('hex');
  return Buffer.alloc(payloadBytes, `sample account ${piece}\n`);
}
