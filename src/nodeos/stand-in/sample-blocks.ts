import { createHash } from 'node:crypto';
import { blockId, nameNumber, timeSlot } from './block-header.ts';
import { BLOCK_LOG_VERSION, TOTEM } from './block-file.ts';
import { u32, u64 } from './bytes.ts';
import { packBlock, packGenesisHeader, packHeader } from './genesis-block.ts';
import type { Genesis } from './genesis.ts';

export interface SampleBlock {
  readonly block: number;
  readonly id: string;
  readonly header: Buffer;
}

/** The blocks 1 to `last` of a chain with one producer, without transactions, half a second apart. */
export function sampleBlocks(genesis: Genesis, last: number): SampleBlock[] {
  const blocks: SampleBlock[] = [];
  const slot = timeSlot(Date.parse(`${genesis.timestamp}Z`));
  let header = packGenesisHeader(genesis);
  for (let block = 1; block <= last; block += 1) {
    const id = blockId(header, block);
    blocks.push({ block, id, header });
    header = packHeader({
      slot: slot + block,
      producer: nameNumber('eosio'),
      confirmed: 0,
      previous: id,
      transactions: '0'.repeat(64),
      actions: createHash('sha256')
        .update(`sample block ${block + 1}`)
        .digest('hex'),
    });
  }
  return blocks;
}

/** One block log with its index, in the real form (see block-file.ts). */
export function packBlockLog(
  genesis: Genesis,
  blocks: readonly SampleBlock[],
): { log: Buffer; index: Buffer } {
  const first = blocks[0]?.block ?? 1;
  const start = first === 1 ? genesis.packed : Buffer.from(genesis.chainId, 'hex');
  const parts = [u32(BLOCK_LOG_VERSION), u32(first), start, TOTEM];
  const positions: Buffer[] = [];
  let at = parts.reduce((sum, part) => sum + part.length, 0);
  for (const { header } of blocks) {
    const block = packBlock(header);
    positions.push(u64(at));
    parts.push(block, u64(at));
    at += block.length + 8;
  }
  return { log: Buffer.concat(parts), index: Buffer.concat(positions) };
}
