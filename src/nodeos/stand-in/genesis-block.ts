import { timeSlot } from './block-header.ts';
import { u16, u32, u64, u8 } from './bytes.ts';
import type { Genesis } from './genesis.ts';

/** The packed header of block 1: the genesis time, no producer, and the chain id as its action digest. */
export function packGenesisHeader(genesis: Genesis): Buffer {
  return packHeader({
    slot: timeSlot(Date.parse(`${genesis.timestamp}Z`)),
    producer: 0n,
    confirmed: 1,
    previous: '0'.repeat(64),
    transactions: '0'.repeat(64),
    actions: genesis.chainId,
  });
}

export interface HeaderFields {
  readonly slot: number;
  readonly producer: bigint;
  readonly confirmed: number;
  readonly previous: string;
  /** Digests of the block's transactions and actions, 64 hex digits. */
  readonly transactions: string;
  readonly actions: string;
}

/** Packs a block header without a change of producers and without extensions. */
export function packHeader(fields: HeaderFields): Buffer {
  return Buffer.concat([
    u32(fields.slot),
    u64(fields.producer),
    u16(fields.confirmed),
    Buffer.from(fields.previous + fields.transactions + fields.actions, 'hex'),
    u32(0),
    u8(0),
    u8(0),
  ]);
}

/** A whole block without transactions, with an empty signature of the old kind (type 0, 65 bytes). */
export function packBlock(header: Buffer): Buffer {
  return Buffer.concat([header, Buffer.alloc(1 + 65), u8(0), u8(0)]);
}
