import { createHash } from 'node:crypto';
import { ByteReader } from './bytes.ts';
import { nameText, slotTime } from './block-header.ts';

/**
 * Binary snapshot of a chain: magic number 0x30510550 and version 1 of the container (two 32-bit
 * numbers), then sections, then eight bytes of ff. A section is its size (64 bits, counted after itself),
 * the number of its rows (64 bits), its name with a zero behind it, and the rows.
 */
export const SNAPSHOT_MAGIC = 0x30510550;
export const CONTAINER_VERSION = 1;
const END_OF_SECTIONS = 0xffff_ffff_ffff_ffffn;

/** Section of sample snapshots that carries the SHA-256 of all that stands before it. */
export const MARKER_SECTION = 'replay::stand_in_marker';

export interface SnapshotContent {
  /** Version of the chain's part: 8 for Spring 1, 6 for Leap 5. */
  readonly version: number;
  readonly block: number;
  readonly id: string;
  readonly time: string;
  readonly producer: string;
  /** Null when it cannot be found (a change of producers is pending). */
  readonly chainId: string | null;
  /** Bytes of the file. */
  readonly size: number;
  /** SHA-256 of the whole file. */
  readonly sha256: string;
  /** Whether it is a sample snapshot whose marker fits its content. */
  readonly hasGoodMarker: boolean;
}

export type SnapshotProblem = 'magic' | 'container-version' | 'cut' | 'sections';
export type SnapshotResult =
  | { ok: true; snapshot: SnapshotContent }
  | { ok: false; problem: SnapshotProblem; found: number };

interface Section {
  readonly start: number;
  readonly rows: Buffer;
}

/** Reads what the stand-in needs of a snapshot. Damage that the real program does not notice passes. */
export function readSnapshot(bytes: Buffer): SnapshotResult {
  const reader = new ByteReader(bytes);
  try {
    const magic = reader.u32();
    if (magic !== SNAPSHOT_MAGIC) return { ok: false, problem: 'magic', found: magic };
    const version = reader.u32();
    if (version !== CONTAINER_VERSION) return { ok: false, problem: 'container-version', found: version };
    const sections = readSections(reader);
    const snapshot = contentOf(bytes, sections);
    return snapshot === null ? { ok: false, problem: 'sections', found: 0 } : { ok: true, snapshot };
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, problem: 'cut', found: 0 };
    throw error;
  }
}

function readSections(reader: ByteReader): Map<string, Section> {
  const sections = new Map<string, Section>();
  for (;;) {
    const start = reader.at;
    const size = reader.u64();
    if (size === END_OF_SECTIONS) return sections;
    const body = reader.take(Number(size));
    const nameEnd = body.indexOf(0, 8);
    if (nameEnd < 0) throw new RangeError('a section has no name');
    sections.set(body.toString('latin1', 8, nameEnd), { start, rows: body.subarray(nameEnd + 1) });
  }
}

function contentOf(bytes: Buffer, sections: Map<string, Section>): SnapshotContent | null {
  const header = sections.get('eosio::chain::chain_snapshot_header');
  const blockState = sections.get('eosio::chain::block_state');
  const properties = sections.get('eosio::chain::global_property_object');
  if (header === undefined || blockState === undefined || properties === undefined) return null;
  const version = header.rows.readUInt32LE();
  return {
    version,
    ...readHead(blockState.rows, version),
    chainId: readChainId(properties.rows),
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    hasGoodMarker: hasGoodMarker(bytes, sections.get(MARKER_SECTION)),
  };
}

/**
 * The head block. Up to version 7 the state begins with its number; in version 8 two flags say whether the
 * old form or Savanna's follows, and Savanna's begins with the id. The header follows the id in both.
 */
function readHead(
  rows: Buffer,
  version: number,
): Pick<SnapshotContent, 'block' | 'id' | 'time' | 'producer'> {
  const isSavanna = version >= 8 && rows.readUInt8() === 0;
  const block = isSavanna ? rows.readUInt32BE(2) : rows.readUInt32LE(version >= 8 ? 1 : 0);
  const number = Buffer.alloc(4);
  number.writeUInt32BE(block);
  const at = isSavanna ? 2 : rows.indexOf(number, 12);
  if (at < 0) throw new RangeError('the head block has no id');
  const reader = new ByteReader(rows, at);
  return { block, id: reader.hex(32), time: slotTime(reader.u32()), producer: nameText(reader.u64()) };
}

/** The chain id stands behind the pending producers (none, usually) and the 72 bytes of chain parameters. */
function readChainId(rows: Buffer): string | null {
  const reader = new ByteReader(rows);
  if (reader.u8() !== 0) reader.take(4);
  reader.take(4);
  if (reader.varint() !== 0) return null;
  reader.take(72);
  return reader.hex(32);
}

function hasGoodMarker(bytes: Buffer, marker: Section | undefined): boolean {
  if (marker === undefined) return false;
  const digest = createHash('sha256').update(bytes.subarray(0, marker.start)).digest();
  const end = marker.rows.byteOffset + marker.rows.length - bytes.byteOffset;
  return marker.rows.equals(digest) && end + 8 === bytes.length;
}
