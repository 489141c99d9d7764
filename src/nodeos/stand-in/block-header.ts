import { createHash } from 'node:crypto';
import { ByteReader } from './bytes.ts';

/** What is read of a block's header. */
export interface BlockHeader {
  readonly block: number;
  /** 64 hex digits; the first eight are the number. */
  readonly id: string;
  readonly previous: string;
  /** Half seconds since the start of the year 2000. */
  readonly slot: number;
  /** Account name as a 64-bit number. */
  readonly producer: bigint;
}

/** Milliseconds of slot 0 since 1970: the chain counts half seconds from 2000-01-01T00:00:00 UTC. */
const SLOT_ZERO_MS = 946_684_800_000;

/**
 * Reads the header that starts at `at`. The id of a block is the SHA-256 of its header with the block's
 * number, high byte first, in the place of the first four bytes; the number is one more than the one in
 * the id of the block before.
 *
 * @throws RangeError when the bytes are no header.
 */
export function readHeader(bytes: Buffer, at: number): BlockHeader {
  const reader = new ByteReader(bytes, at);
  const slot = reader.u32();
  const producer = reader.u64();
  reader.take(2);
  const previous = reader.take(32);
  reader.take(32 + 32 + 4);
  if (reader.u8() !== 0) skipSchedule(reader);
  for (let left = reader.varint(); left > 0; left -= 1) {
    reader.take(2);
    reader.take(reader.varint());
  }
  const block = previous.readUInt32BE() + 1;
  return {
    block,
    id: blockId(bytes.subarray(at, reader.at), block),
    previous: previous.toString('hex'),
    slot,
    producer,
  };
}

/** The id of the block whose packed header this is. */
export function blockId(header: Buffer, block: number): string {
  const digest = createHash('sha256').update(header).digest();
  digest.writeUInt32BE(block);
  return digest.toString('hex');
}

/** A change of producers in the old form: version, then name and key of each. */
function skipSchedule(reader: ByteReader): void {
  reader.take(4);
  for (let left = reader.varint(); left > 0; left -= 1) reader.take(8 + 34);
}

/** `2026-11-22T08:30:41.500`: the time of a slot as nodeos writes it. */
export function slotTime(slot: number): string {
  return new Date(SLOT_ZERO_MS + slot * 500).toISOString().slice(0, -1);
}

/** The slot of a time in milliseconds since 1970. */
export function timeSlot(milliseconds: number): number {
  return Math.floor((milliseconds - SLOT_ZERO_MS) / 500);
}

const NAME_DIGITS = '.12345abcdefghijklmnopqrstuvwxyz';

/** An account name as text: twelve characters of five bits from the top, one of four. */
export function nameText(value: bigint): string {
  let text = '';
  for (let index = 0; index < 13; index += 1) {
    const digit = index === 12 ? value & 0xfn : (value >> BigInt(64 - 5 * (index + 1))) & 0x1fn;
    text += NAME_DIGITS[Number(digit)];
  }
  return text.replace(/\.+$/, '');
}

/** The number of an account name of at most twelve characters. */
export function nameNumber(text: string): bigint {
  let value = 0n;
  for (let index = 0; index < 12; index += 1) {
    value = (value << 5n) | BigInt(Math.max(0, NAME_DIGITS.indexOf(text[index] ?? '.')));
  }
  return value << 4n;
}
