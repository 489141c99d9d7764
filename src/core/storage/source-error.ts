/**
 * What can go wrong between us and a storage server, by what can be done about it.
 * - not-found: there is no such file. It will not appear by asking again.
 * - forbidden: the credentials that were used do not open it (401, 403).
 * - no-credentials: AWS credentials were not found anywhere.
 * - wrong-region: the bucket is in another region (301).
 * - changed: the file is not the one whose first part we have (412, another ETag, another length).
 * - not-a-file: a directory, a device, a pipe.
 * - refused: the server answers in a way that will be the same next time (another 4xx, too many redirects, a bad certificate).
 * - busy: the server cannot answer now (408, 429, 5xx).
 * - connection: no connection, a broken one, or silence.
 */
export type SourceErrorKind =
  | 'not-found'
  | 'forbidden'
  | 'no-credentials'
  | 'wrong-region'
  | 'changed'
  | 'not-a-file'
  | 'refused'
  | 'busy'
  | 'connection';

/** A failed look at storage. The message names the place without its secrets. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly kind: SourceErrorKind;
  readonly hint: string | undefined;

  constructor(kind: SourceErrorKind, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.hint = options.hint;
  }
}

/** Asking again after a pause may help. */
export function isTransient(error: unknown): error is SourceError {
  return error instanceof SourceError && (error.kind === 'busy' || error.kind === 'connection');
}

/** The kind for an HTTP status that is not a success, for S3 and plain servers alike. */
export function kindOfStatus(status: number): SourceErrorKind {
  switch (status) {
    case 401:
    case 403:
      return 'forbidden';
    case 404:
    case 410:
      return 'not-found';
    case 301:
      return 'wrong-region';
    // 416: the file is shorter than what we have of it already.
    case 412:
    case 416:
      return 'changed';
    case 408:
    case 425:
    case 429:
      return 'busy';
    default:
      return status >= 500 ? 'busy' : 'refused';
  }
}
