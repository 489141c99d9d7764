import { BLOCK_ID, blockNumberOf, isHash } from './block-id.ts';
import type { LogEvent } from './log-line.ts';

type Groups = Readonly<Record<string, string>>;
type Reader = (groups: Groups) => LogEvent | null;

function block(groups: Groups, name: string): number {
  return Number(groups[name]);
}

/** A block that is named by number and id; null when the two do not belong together. */
function numberedId(groups: Groups): { block: number; id: string } | null {
  const id = groups['id'] ?? '';
  const number = block(groups, 'block');
  return blockNumberOf(id) === number ? { block: number, id } : null;
}

function hashEvent(kind: 'start-hash' | 'stop-hash'): Reader {
  return ({ hash = '' }) => (isHash(hash) ? { kind, hash } : null);
}

/**
 * The messages that are evidence of what a run did. Each pattern takes the whole message, so that
 * a line that was cut off, or a text that only quotes one, is not mistaken for it. Where Leap and
 * Spring differ, both spellings are here; which program it is does not matter to the reader.
 */
const MESSAGES: ReadonlyArray<readonly [RegExp, Reader]> = [
  [
    /^(?<n>\d+) of (?<m>\d+)$/,
    // Every 500 blocks. M is the last block of the log, not of the slice.
    (g) =>
      block(g, 'n') <= block(g, 'm')
        ? { kind: 'replayed-to', block: block(g, 'n'), logLastBlock: block(g, 'm') }
        : null,
  ],
  [
    /^Received block [0-9a-f]+\.\.\. #(?<block>\d+) @ .*\]$/,
    (g) => ({ kind: 'received', block: block(g, 'block') }),
  ],
  [
    /^Snapshot initialization (?<percent>\d+)% complete$/,
    (g) => ({ kind: 'snapshot-percent', percent: Math.min(100, block(g, 'percent')) }),
  ],
  [/^nodeos started$/, () => ({ kind: 'started' })],
  [/^nodeos version (?<version>v\S+) \S+$/, ({ version = '' }) => ({ kind: 'version', version })],
  [
    /^Starting initialization from snapshot and (?:no block log|block log (?<first>\d+)-(?<last>\d+)), this may take .*$/,
    (g) => ({
      kind: 'loading-snapshot',
      blockLog: g['last'] === undefined ? null : { first: block(g, 'first'), last: block(g, 'last') },
    }),
  ],
  [
    new RegExp(`^Snapshot loaded, head: (?<block>\\d+) : (?<id>${BLOCK_ID})$`),
    (g) => {
      const head = numberedId(g);
      return head === null ? null : { kind: 'snapshot-loaded', block: head.block, id: head.id };
    },
  ],
  [
    /^Snapshot loaded, lib: (?<block>\d+)$/,
    (g) => ({ kind: 'snapshot-loaded', block: block(g, 'block'), id: null }),
  ],
  [/^chain database started with hash: (?<hash>\S+)$/, hashEvent('start-hash')],
  [/^chain database stopped with hash: (?<hash>\S+)$/, hashEvent('stop-hash')],
  [/^Starting fresh blockchain state using default genesis state\.$/, () => ({ kind: 'default-genesis' })],
  [/^Initializing new blockchain with genesis state$/, () => ({ kind: 'genesis-initialised' })],
  [
    new RegExp(`^Loading chain_head block (?<block>\\d+) (?<id>${BLOCK_ID})$`),
    (g) => {
      const head = numberedId(g);
      return head === null ? null : { kind: 'state-resumed', ...head };
    },
  ],
  [
    /^existing block log, attempting to replay from (?<from>\d+) to (?<to>\d+) blocks$/,
    (g) => ({ kind: 'replaying', from: block(g, 'from'), logLastBlock: block(g, 'to') }),
  ],
  [/^no block log found$/, () => ({ kind: 'no-block-log' })],
  [
    /^(?:Reached|Block (?<head>\d+) reached) configured maximum block (?<configured>\d+); terminating$/,
    (g) => ({
      kind: 'reached',
      configured: block(g, 'configured'),
      head: g['head'] === undefined ? null : block(g, 'head'),
    }),
  ],
  [
    /^\d+ irreversible blocks replayed from block log, chain head (?<block>\d+)$/,
    (g) => ({ kind: 'log-replayed', head: block(g, 'block') }),
  ],
  [
    // Leap only: it never names the head's id elsewhere.
    new RegExp(
      `^resetting fork database with new last irreversible block as the new root: (?<id>${BLOCK_ID})$`,
    ),
    ({ id = '' }) => ({ kind: 'fork-root', block: blockNumberOf(id), id }),
  ],
  [
    /^Blockchain started; head block is #(?<block>\d+)(?:, genesis timestamp is \S+)?$/,
    (g) => ({ kind: 'chain-started', head: block(g, 'block') }),
  ],
  [
    /^start listening on (?<address>\S+) resolved from \S+ for API categories: .*$/,
    ({ address = '' }) => ({ kind: 'api-listening', address }),
  ],
  [/^appbase quit called$/, () => ({ kind: 'quit-called' })],
  [
    new RegExp(`^Writing chain_head block (?<block>\\d+) (?<id>${BLOCK_ID})$`),
    (g) => {
      const head = numberedId(g);
      return head === null ? null : { kind: 'chain-head', ...head };
    },
  ],
  [/^\S+ successfully exiting$/, () => ({ kind: 'exiting' })],
];

/** What a message means, or null when it is none of those that count. */
export function readMessage(message: string): LogEvent | null {
  for (const [pattern, read] of MESSAGES) {
    const match = pattern.exec(message);
    if (match !== null) return read(match.groups ?? {});
  }
  return null;
}
