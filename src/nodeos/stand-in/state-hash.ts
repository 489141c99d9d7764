import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SnapshotContent } from './snapshot-file.ts';

/**
 * Recorded hashes of a real chain, so that a rehearsal on its files arrives at its hashes:
 * product → chain id → block number → hash; and the SHA-256 of the (decompressed) snapshots that are whole.
 */
export interface HashTable {
  readonly hashes: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
  readonly snapshots: readonly string[];
}

export const NO_HASHES: HashTable = { hashes: {}, snapshots: [] };

/** Reads a table written as JSON. @throws what the file system or JSON.parse throw. */
export function readHashTable(path: string): HashTable {
  const table = JSON.parse(readFileSync(path, 'utf8')) as Partial<HashTable>;
  return { hashes: table.hashes ?? {}, snapshots: table.snapshots ?? [] };
}

export interface StateAt {
  readonly product: 'leap' | 'spring';
  readonly chainId: string;
  readonly block: number;
  /** What spoiled the state on its way here, or null; it goes into every later hash. */
  readonly taint: string | null;
}

/**
 * The hash of the state at a block. There is no state, so it is a digest of what the state would depend on:
 * the chain, the block, the product (the real hashes of Leap and Spring differ too) and any damage.
 */
export function stateHash(state: StateAt, table: HashTable): string {
  const recorded = table.hashes[state.product]?.[state.chainId]?.[String(state.block)];
  if (state.taint === null && recorded !== undefined) return recorded;
  const parts = ['replay stand-in state', state.product, state.chainId, state.block, state.taint ?? ''];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

/** The taint of a snapshot: none when it is known to be whole, else its digest. */
export function snapshotTaint(snapshot: SnapshotContent, table: HashTable): string | null {
  return snapshot.hasGoodMarker || table.snapshots.includes(snapshot.sha256) ? null : snapshot.sha256;
}

/** A state that was spoiled once more, for a reason. */
export function addTaint(taint: string | null, reason: string): string {
  return taint === null ? reason : `${taint}+${reason}`;
}
