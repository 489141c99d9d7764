import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AttemptFailure } from '../domain/attempt-failure.ts';
import { isBucketName } from '../domain/manifest/location-form.ts';

/** An object in S3. The key is exactly what stands after the bucket: nothing in it is decoded. */
export interface S3Location {
  readonly kind: 's3';
  readonly bucket: string;
  /** `''` is the bucket itself. */
  readonly key: string;
}

export interface HttpLocation {
  readonly kind: 'http';
  /** Percent-encoded; query and user information are kept, so print it with `describeLocation` only. */
  readonly url: string;
}

export interface FileLocation {
  readonly kind: 'file';
  readonly path: string;
}

/** Where a file or a folder is. A folder may, and need not, end in a slash. */
export type Location = S3Location | HttpLocation | FileLocation;

const EXPECTED = 'expected s3://bucket/key, http://…, https://… or a path';

/**
 * Reads an S3 address, a URL or a path.
 *
 * S3 keys are taken literally (as the AWS tools do): `%20` and `+` stay what they are. URLs are
 * normalised: a space or an umlaut in the path is percent-encoded, what is encoded already is left alone.
 *
 * @throws {AttemptFailure} `bad-job`, with a message that says what was given and what was expected.
 */
export function parseLocation(text: string): Location {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  switch (scheme) {
    case undefined:
      return parsePath(text);
    case 's3':
      return parseS3(text);
    case 'http':
    case 'https':
      return parseHttp(text);
    case 'file':
      return parseFileUrl(text);
    default:
      throw badLocation(text, `unknown scheme "${scheme}"`);
  }
}

function parsePath(text: string): FileLocation {
  if (text.trim() === '') throw badLocation(text, 'it is empty');
  if (text.includes('\0')) throw badLocation(text, 'it contains a NUL character');
  return { kind: 'file', path: text };
}

function parseS3(text: string): S3Location {
  const rest = text.slice('s3://'.length);
  const slash = rest.indexOf('/');
  const bucket = slash === -1 ? rest : rest.slice(0, slash);
  if (!isBucketName(bucket)) {
    throw badLocation(text, bucket === '' ? 'the bucket is missing' : 'that is not a bucket name');
  }
  return { kind: 's3', bucket, key: slash === -1 ? '' : rest.slice(slash + 1) };
}

function parseHttp(text: string): HttpLocation {
  if (!URL.canParse(text)) throw badLocation(text, 'that is not a URL');
  const url = new URL(text);
  url.hash = '';
  return { kind: 'http', url: url.href };
}

function parseFileUrl(text: string): FileLocation {
  try {
    return { kind: 'file', path: fileURLToPath(text) };
  } catch (error) {
    throw badLocation(text, error instanceof Error ? error.message : String(error));
  }
}

function badLocation(text: string, reason: string): AttemptFailure {
  return new AttemptFailure(
    'bad-job',
    `Cannot use the location "${withoutSecrets(text)}": ${reason}; ${EXPECTED}`,
  );
}

/**
 * The location as it may be shown and logged: user information and the whole query are left out, since
 * a signature or a token may have any name.
 */
export function describeLocation(location: Location): string {
  switch (location.kind) {
    case 's3':
      return `s3://${location.bucket}/${location.key}`;
    case 'http':
      return withoutSecrets(location.url);
    case 'file':
      return location.path;
  }
}

/** A URL in text without `user:password@` and with `?…` in place of a query. */
export function withoutSecrets(text: string): string {
  if (!/^https?:/i.test(text)) return text;
  return text
    .replace(/^(https?:\/\/)[^/?#]*@/i, '$1')
    .replace(/#.*$/s, '')
    .replace(/\?.*$/s, '?…');
}

/** The last part of the location, decoded: a file's or folder's name. `''` for a root. */
export function baseName(location: Location): string {
  switch (location.kind) {
    case 's3':
      return lastSegment(location.key);
    case 'http':
      return decodeSegment(lastSegment(new URL(location.url).pathname));
    case 'file':
      return path.basename(location.path);
  }
}

/** The folder that holds the file or folder; null when that is a root already. */
export function parentLocation(location: Location): Location | null {
  switch (location.kind) {
    case 's3': {
      const folder = parentOf(location.key);
      return folder === null ? null : { ...location, key: folder };
    }
    case 'http': {
      const url = new URL(location.url);
      const folder = parentOf(url.pathname.slice(1));
      return folder === null ? null : { kind: 'http', url: besideUrl(url, `/${folder}`) };
    }
    case 'file': {
      const folder = path.dirname(location.path);
      return folder === location.path.replace(/(?<=.)\/+$/, '') ? null : { kind: 'file', path: folder };
    }
  }
}

/** The location of `name` (a plain name or a relative path, not encoded) in a folder. */
export function joinLocation(folder: Location, name: string): Location {
  switch (folder.kind) {
    case 's3':
      return { ...folder, key: folder.key === '' ? name : `${withoutSlash(folder.key)}/${name}` };
    case 'http': {
      const url = new URL(folder.url);
      const encoded = name.split('/').map(encodeURIComponent).join('/');
      return { kind: 'http', url: besideUrl(url, `${withoutSlash(url.pathname)}/${encoded}`) };
    }
    case 'file':
      return { kind: 'file', path: path.join(folder.path, name) };
  }
}

/**
 * The same server's other path. A query goes with it, because a token may open a whole folder, unless
 * it is a signature that holds for one object only (`X-Amz-Signature`, `X-Goog-Signature`).
 */
function besideUrl(url: URL, pathname: string): string {
  const other = new URL(url);
  other.pathname = pathname;
  if (/[?&]X-(Amz|Goog)-Signature=/i.test(url.search)) other.search = '';
  return other.href;
}

function parentOf(key: string): string | null {
  const trimmed = key.replace(/\/+$/, '');
  if (trimmed === '') return null;
  return trimmed.slice(0, trimmed.lastIndexOf('/') + 1);
}

function lastSegment(key: string): string {
  const trimmed = key.replace(/\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

function withoutSlash(key: string): string {
  return key.endsWith('/') ? key.slice(0, -1) : key;
}

/** A `%` that encodes nothing stays as it is. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
