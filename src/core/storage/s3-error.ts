import { describeLocation } from './location.ts';
import type { S3Location } from './location.ts';
import { SourceError, kindOfStatus } from './source-error.ts';

/** What the SDK attaches to its errors; names alone are not enough (a missing object on HEAD is `UnknownError`). */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Record<string, string> };
}

/** Translates an error of the AWS SDK: by HTTP status when there was an answer, else by name and code. */
export function s3Error(location: S3Location, error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  const sdk = (typeof error === 'object' && error !== null ? error : {}) as SdkError;
  const place = describeLocation(location);
  const status = sdk.$metadata?.httpStatusCode;
  if (/Credential|TokenProvider/.test(sdk.name ?? '')) return noCredentials(place, error);
  if (status === undefined || status < 300) {
    const reason = [sdk.code, sdk.message].filter(Boolean).join(': ') || String(error);
    return new SourceError('connection', `Cannot reach the S3 server for ${place}: ${reason}`, {
      cause: error,
    });
  }
  return statusError(location, status, sdk);
}

function statusError(location: S3Location, status: number, error: SdkError): SourceError {
  const place = describeLocation(location);
  // Tokens that have expired are refused with 400 and not with 403.
  const kind = /^(?:Expired|Invalid)Token$/.test(error.name ?? '') ? 'forbidden' : kindOfStatus(status);
  const code = error.name === undefined || error.name === 'UnknownError' ? '' : `, ${error.name}`;
  const answer = `(HTTP ${status}${code})`;
  switch (kind) {
    case 'not-found':
      return error.name === 'NoSuchBucket'
        ? new SourceError(kind, `There is no bucket "${location.bucket}" ${answer}`, { cause: error })
        : new SourceError(kind, `There is no object ${place} ${answer}`, { cause: error });
    case 'forbidden':
      return new SourceError(kind, `The AWS credentials in use may not read ${place} ${answer}`, {
        hint:
          'Give them s3:GetObject on the objects and s3:ListBucket on the bucket; without the latter a ' +
          'missing object looks like a forbidden one, so check the path as well. Session credentials expire.',
        cause: error,
      });
    case 'wrong-region': {
      const region = error.$response?.headers?.['x-amz-bucket-region'];
      const where = region === undefined ? 'another region' : `region ${region}`;
      return new SourceError(kind, `The bucket "${location.bucket}" is in ${where} ${answer}`, {
        hint: `Set AWS_REGION${region === undefined ? ' to the region of the bucket' : `=${region}`}.`,
        cause: error,
      });
    }
    case 'changed':
      return new SourceError(kind, `${place} was changed while it was being fetched ${answer}`, {
        cause: error,
      });
    case 'refused':
    case 'busy':
    case 'connection':
    case 'no-credentials':
    case 'not-a-file':
      return new SourceError(kind, `S3 refuses ${place} ${answer}`, { cause: error });
  }
}

function noCredentials(place: string, error: unknown): SourceError {
  return new SourceError('no-credentials', `No AWS credentials were found, so ${place} cannot be read`, {
    hint:
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or attach an instance profile ' +
      'to the host.',
    cause: error,
  });
}
