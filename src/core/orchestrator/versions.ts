import { currentRevision, isRepeated, versionTag, type StoredJob } from '../store/stored-job.ts';
import { HttpError } from './http/reply.ts';
import type { ApiRequest } from './http/request.ts';

/** The ETag of a job: a strong one, in quotes as RFC 9110 wants it. */
export function etagOf(salt: string, { job }: StoredJob): string {
  return `"${versionTag(salt, job.jobId, job.revision)}"`;
}

/** The version that a caller says it has read. */
export interface Precondition {
  /** Where it came in: it decides how a stale one is refused. */
  header: 'If-Match' | 'ETag';
  /** `*`, any version that exists, or the tags without quotes; empty when there was none. */
  tags: '*' | readonly string[];
}

/** If-Match is the standard; a request header ETag is what the older clients send. */
export function readPrecondition(request: ApiRequest): Precondition {
  const ifMatch = request.header('if-match');
  if (ifMatch !== undefined) {
    if (ifMatch.trim() === '*') return { header: 'If-Match', tags: '*' };
    // A weak tag never matches here (RFC 9110, 13.1.1).
    return {
      header: 'If-Match',
      tags: splitTags(ifMatch)
        .filter((tag) => !tag.startsWith('W/'))
        .map(unquote),
    };
  }
  // A proxy that compresses makes tags weak, and the older clients send back what they received.
  const tags = splitTags(request.header('etag') ?? '').map((tag) => unquote(tag.replace(/^W\//, '')));
  return { header: 'ETag', tags };
}

export type Match =
  /** Goes ahead; the revision is null when any would have done. */
  | { kind: 'current'; revision: number | null }
  /** This very update is already done, and its answer was lost. */
  | { kind: 'repeated' }
  | { kind: 'stale' };

export function matchVersion(
  salt: string,
  stored: StoredJob,
  { tags }: Precondition,
  sender: { worker: string | null; digest: string },
): Match {
  if (tags === '*') return { kind: 'current', revision: null };
  for (const tag of tags) {
    const revision = currentRevision(salt, stored, tag);
    if (revision !== null) return { kind: 'current', revision };
  }
  if (tags.some((tag) => isRepeated(salt, stored, { ...sender, tag }))) return { kind: 'repeated' };
  return { kind: 'stale' };
}

/** The refusal of a version that is absent or stale. */
export function staleVersion({ header }: Precondition): HttpError {
  return new HttpError(header === 'If-Match' ? 412 : 400, 'Invalid ETag', { code: 'VERSION_STALE' });
}

function splitTags(header: string): string[] {
  return header
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function unquote(tag: string): string {
  return tag.replace(/^"(.*)"$/, '$1');
}
