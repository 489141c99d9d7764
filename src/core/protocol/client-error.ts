import { ExitCode } from '../domain/exit-codes.ts';
import { UserError } from '../domain/user-error.ts';

/**
 * What a failed exchange with the orchestrator means for the caller.
 * - unreachable: no answer came (name unknown, connection refused or cut, time-out).
 * - unavailable: it answered that it cannot serve now (429, 5xx).
 * - refused: it does not accept us (401, 403).
 * - set-aside: it gives this host no jobs for now, because too many attempts failed here (403 with that text).
 * - stale: the job has changed since we read it (412, or 400 `Invalid ETag`).
 * - conflict: the job's state does not allow the change (409).
 * - not-found: no such job, slice or path (404).
 * - invalid: it does not understand what we sent (other 4xx): a defect on one of the two sides.
 * - bad-answer: what came back is not this protocol: another service, a proxy, a redirect.
 */
export type OrchestratorErrorKind =
  | 'unreachable'
  | 'unavailable'
  | 'refused'
  | 'set-aside'
  | 'stale'
  | 'conflict'
  | 'not-found'
  | 'invalid'
  | 'bad-answer';

/** The name is a literal because minification renames classes. */
export class OrchestratorError extends Error {
  override readonly name = 'OrchestratorError';
  readonly kind: OrchestratorErrorKind;
  /** HTTP status of the answer; null when none came. */
  readonly status: number | null;
  /** Milliseconds the orchestrator asks us to wait (`Retry-After`); null when it says nothing. */
  readonly retryAfterMs: number | null;

  constructor(
    kind: OrchestratorErrorKind,
    message: string,
    details: { status?: number; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.status = details.status ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}

/** Sending the same again may succeed: nothing is wrong with the request itself. */
export function isPassing(error: unknown): error is OrchestratorError {
  return error instanceof OrchestratorError && PASSING.has(error.kind);
}

const PASSING: ReadonlySet<OrchestratorErrorKind> = new Set(['unreachable', 'unavailable']);

/** The error as a command shows it: exit code 5, and what to look at. */
export function asUserError(error: OrchestratorError, baseUrl: string): UserError {
  return new UserError({
    code: `ORCHESTRATOR_${error.kind.toUpperCase().replaceAll('-', '_')}`,
    message: `The orchestrator at ${baseUrl}: ${error.message}`,
    hint: HINTS[error.kind],
    exitCode: ExitCode.unreachable,
    cause: error,
  });
}

const HINTS: Record<OrchestratorErrorKind, string> = {
  unreachable:
    'Check the address and the port, that `replay serve` is running, and that a firewall lets it through.',
  unavailable: 'The orchestrator is busy or stopping. Try again, and look at its log.',
  refused:
    'Give a token that is valid and has the right: --token-file or REPLAY_TOKEN. On the orchestrator: replay tokens create.',
  'set-aside':
    'See `replay status` for the failures of this host. It gets jobs again when its self-check is well.',
  stale: 'The job was changed by someone else in the meantime. Read it again.',
  conflict: 'Read the job again: its state does not allow this change.',
  'not-found': 'Check the number of the job or slice, and that this is the right orchestrator.',
  invalid: 'The two sides do not understand each other: run the same version of replay on both.',
  'bad-answer':
    'Check that the address is that of `replay serve`, of the same version, and not of a proxy or another service.',
};
