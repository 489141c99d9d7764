/**
 * Reads one line of what nodeos prints on stderr, Leap and Spring alike.
 *
 * Only the message counts: the source line and the function name change between versions, and the
 * thread column is the executable's name. Evidence is taken from lines that begin with the logger's
 * header and carry exactly the message; whatever has no header (bodies of exceptions, what boost
 * and the C++ library print) can explain a failure, but never prove a success.
 */
import { MAX_LINE_LENGTH, splitHeader } from './header.ts';
import { readMessage } from './messages.ts';
import { isHarmless, problemIn, type ProblemKind } from './problems.ts';

export type LogEvent =
  /** Spring only: the first line. */
  | { readonly kind: 'started' }
  | { readonly kind: 'version'; readonly version: string }
  /** nodeos begins to load the snapshot, and says which blocks its log has (null: no log). */
  | { readonly kind: 'loading-snapshot'; readonly blockLog: { first: number; last: number } | null }
  | { readonly kind: 'snapshot-percent'; readonly percent: number }
  /** The snapshot is in: its head, with its id in Spring. Leap calls it lib; in a snapshot they are the same. */
  | { readonly kind: 'snapshot-loaded'; readonly block: number; readonly id: string | null }
  | { readonly kind: 'start-hash'; readonly hash: string }
  /** Neither a snapshot nor a genesis was given: nodeos starts a chain of its own. */
  | { readonly kind: 'default-genesis' }
  | { readonly kind: 'genesis-initialised' }
  /** Spring only: goes on from the state that is in the data directory. */
  | { readonly kind: 'state-resumed'; readonly block: number; readonly id: string }
  | { readonly kind: 'no-block-log' }
  | { readonly kind: 'replaying'; readonly from: number; readonly logLastBlock: number }
  | { readonly kind: 'replayed-to'; readonly block: number; readonly logLastBlock: number }
  /** A block from a peer was applied (one line per 1000 while far behind). */
  | { readonly kind: 'received'; readonly block: number }
  /** The head is at or beyond `--terminate-at-block`. Leap does not say where the head is. */
  | { readonly kind: 'reached'; readonly configured: number; readonly head: number | null }
  /** Spring only: the replay of the block log is over, with this head. */
  | { readonly kind: 'log-replayed'; readonly head: number }
  /** Leap only: the last block that was replayed from the log. */
  | { readonly kind: 'fork-root'; readonly block: number; readonly id: string }
  | { readonly kind: 'chain-started'; readonly head: number }
  | { readonly kind: 'api-listening'; readonly address: string }
  /** Spring only: somebody asked nodeos to stop (a signal, or the end block). */
  | { readonly kind: 'quit-called' }
  | { readonly kind: 'stop-hash'; readonly hash: string }
  /** Spring only: the head that the state was left at. */
  | { readonly kind: 'chain-head'; readonly block: number; readonly id: string }
  | { readonly kind: 'exiting' }
  /** A warning or an error, or another line that tells of a known problem. */
  | { readonly kind: 'complaint'; readonly text: string; readonly problem: ProblemKind | null }
  /** A line without the logger's header; belongs to the complaint above it when there is one. */
  | { readonly kind: 'headless'; readonly text: string; readonly problem: ProblemKind | null }
  /** A line with a header that says nothing we need. */
  | { readonly kind: 'other' };

/**
 * What one line means. Null for an empty line.
 *
 * @param line without its line feed; a carriage return at the end is taken off.
 */
export function parseLogLine(line: string): LogEvent | null {
  const text = line.slice(0, MAX_LINE_LENGTH).trimEnd();
  if (text === '') return null;
  const headered = splitHeader(text);
  if (headered === null) return { kind: 'headless', text, problem: problemIn(text) };
  const { level, message } = headered;
  const problem = problemIn(message);
  if (level === 'warn' || level === 'error') {
    // Leap prints this one as a warning, Spring as information.
    const event = readMessage(message);
    if (event?.kind === 'genesis-initialised') return event;
    return isHarmless(message) ? { kind: 'other' } : { kind: 'complaint', text: message, problem };
  }
  if (problem !== null) return { kind: 'complaint', text: message, problem };
  return readMessage(message) ?? { kind: 'other' };
}
